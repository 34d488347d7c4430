# The Rasa world: Python 3.10. The language model is in the image, so the image is the model's version.
# Give PYTHON a name with a digest to pin it to the byte; see docs/docker.md.
ARG PYTHON=docker.io/library/python:3.10-slim-bookworm
# Where the language model comes from: trained (while the image is made) or taken (from var/models, checked).
ARG MODEL=trained

FROM ${PYTHON} AS build
WORKDIR /build
COPY requirements/uv.txt requirements/rasa.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r uv.txt \
    && python -m venv --without-pip /opt/venv \
    && uv pip sync --no-cache --require-hashes --compile-bytecode --python /opt/venv/bin/python rasa.txt

FROM ${PYTHON} AS program
RUN useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin samenspel
WORKDIR /samenspel
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/samenspel \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    RASA_TELEMETRY_ENABLED=false \
    TF_CPP_MIN_LOG_LEVEL=3 \
    LOG_LEVEL=WARNING \
    PYTHONWARNINGS=ignore::DeprecationWarning \
    HOME=/tmp \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    RASA_CACHE_DIRECTORY=/tmp/rasa-cache
COPY LICENSE config.yml endpoints.yml credentials.yml ./
COPY domain domain
COPY stories stories
COPY nlu nlu
# Only what runs in both worlds: Rasa gets no code that reaches the database of the product.
COPY participation/__init__.py participation/logs.py participation/
COPY participation/language participation/language

FROM program AS trained
RUN mkdir /models \
    && python -m rasa train --config config.yml --domain domain --data nlu stories --out /models --fixed-model-name model
WORKDIR /models
RUN sha256sum model.tar.gz > model.sha256

FROM ${PYTHON} AS taken
ARG MODEL_FINGERPRINT
WORKDIR /models
COPY var/models/samenspel-${MODEL_FINGERPRINT}.tar.gz var/models/samenspel-${MODEL_FINGERPRINT}.sha256 ./
RUN sha256sum --check --strict --quiet "samenspel-${MODEL_FINGERPRINT}.sha256" \
    && mv "samenspel-${MODEL_FINGERPRINT}.tar.gz" model.tar.gz \
    && sed "s/ samenspel-.*/ model.tar.gz/" "samenspel-${MODEL_FINGERPRINT}.sha256" > model.sha256 \
    && rm "samenspel-${MODEL_FINGERPRINT}.sha256"

FROM ${MODEL} AS model

FROM program
ARG MODEL_FINGERPRINT
LABEL org.opencontainers.image.title="Samenspel: Rasa" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      nl.samenspel.model="${MODEL_FINGERPRINT}"
COPY --from=model /models models
COPY --chmod=755 docker/rasa-start.sh /usr/local/bin/rasa-start
USER 10001:10001
EXPOSE 8001
ENTRYPOINT ["rasa-start"]
CMD ["python", "-m", "rasa", "run", "-m", "models/model.tar.gz", "--endpoints", "endpoints.yml", \
     "--credentials", "credentials.yml", "-i", "0.0.0.0", "-p", "8001"]
