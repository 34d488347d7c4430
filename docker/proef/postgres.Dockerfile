# Stands in for docker.io/library/postgres:16-bookworm: PostgreSQL 16 of the package pgserver.
FROM docker.io/library/debian:bookworm-slim
RUN groupadd --system --gid 999 postgres \
    && useradd --system --gid postgres --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres \
    && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data \
    && install -d -o postgres -g postgres -m 3777 /var/run/postgresql \
    && mkdir /docker-entrypoint-initdb.d
COPY pgserver /opt/pg/pgserver
COPY pgserver.libs /opt/pg/pgserver.libs
COPY postgres-start.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/opt/pg/pgserver/pginstall/bin:$PATH \
    PGDATA=/var/lib/postgresql/data \
    LANG=C.UTF-8
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
EXPOSE 5432
CMD ["postgres"]
