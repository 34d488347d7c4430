# The proxy with TLS: Caddy, as a user without rights.
FROM docker.io/library/caddy:2-alpine
# A copy has no file capabilities, which would keep it from starting without them. It listens on ports above 1024.
RUN cp /usr/bin/caddy /usr/local/bin/caddy \
    && mkdir -p /data/caddy /config/caddy \
    && chown -R 10001:10001 /data /config
COPY docker/proxy/Caddyfile /etc/caddy/Caddyfile
COPY docker/proxy/tls /etc/caddy/tls
USER 10001:10001
EXPOSE 8080 8443
ENTRYPOINT []
CMD ["/usr/local/bin/caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
