"""The griffier's web desk: server-rendered pages over the services of `participation`."""
