# Stands in for docker.io/library/python:3.1x-slim-bookworm: Debian with a Python of this machine in /usr/local.
FROM docker.io/library/debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libbz2-1.0 libexpat1 libffi8 liblzma5 libncursesw6 \
       libnsl2 libreadline8 libsqlite3-0 libssl3 libtirpc3 libuuid1 netbase tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY python /usr/local
COPY certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    UV_NATIVE_TLS=1
RUN ldconfig \
    && ln -sf python3 /usr/local/bin/python \
    && sed -i '1s|^#!.*/bin/python.*|#!/usr/local/bin/python3|' /usr/local/bin/pip* \
    && pip --version
CMD ["python3"]
