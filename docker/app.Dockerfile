# The app world: chat, API and desk (web), actions, worker and prepare. One image, many commands.
# Give PYTHON a name with a digest to pin it to the byte; see docs/docker.md.
ARG PYTHON=docker.io/library/python:3.12-slim-bookworm
# Where the model of contributions comes from: trained (while the image is made) or taken (from var/models, checked).
ARG MODEL=trained

FROM ${PYTHON} AS build
WORKDIR /build
COPY requirements/uv.txt requirements/app.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r uv.txt \
    && python -m venv --without-pip /opt/venv \
    && uv pip sync --no-cache --require-hashes --compile-bytecode --python /opt/venv/bin/python app.txt

FROM build AS trained
COPY participation participation
RUN mkdir /models \
    && /opt/venv/bin/python -m participation.language.concern_training /models/inbreng

FROM ${PYTHON} AS taken
ARG MODEL_FINGERPRINT
WORKDIR /build
COPY var/models/inbreng-${MODEL_FINGERPRINT} inbreng-${MODEL_FINGERPRINT}
COPY var/models/inbreng-${MODEL_FINGERPRINT}.sha256 inbreng.sha256
RUN sha256sum --check --strict --quiet inbreng.sha256 \
    && mkdir /models \
    && mv "inbreng-${MODEL_FINGERPRINT}" /models/inbreng

FROM ${MODEL} AS model

FROM ${PYTHON}
ARG MODEL_FINGERPRINT
LABEL org.opencontainers.image.title="Samenspel: web, actions, worker, telegram" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      nl.samenspel.model="${MODEL_FINGERPRINT}"
# What learns from corrections of clerks goes to /geleerd, a volume: all else may be read-only.
RUN useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin samenspel \
    && install -d -o 10001 -g 10001 /geleerd
WORKDIR /samenspel
COPY --from=build /opt/venv /opt/venv
COPY --from=model /models models
COPY alembic.ini LICENSE ./
COPY participation participation
COPY content content
COPY actions actions
COPY bot bot
COPY desk desk
COPY web web
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/samenspel \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    SAMENSPEL_CONCERN_MODEL=/samenspel/models/inbreng \
    SAMENSPEL_CONCERN_LEARNT=/geleerd \
    SAMENSPEL_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000 8002
CMD ["python", "-m", "web"]
