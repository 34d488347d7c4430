# The Rasa world: Python 3.10. The language model is trained when the image is made, so the image is the model's version.
FROM python:3.10-slim AS build
WORKDIR /build
COPY requirements/uv.txt requirements/rasa.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r uv.txt \
    && python -m venv --without-pip /opt/venv \
    && uv pip sync --no-cache --require-hashes --compile-bytecode --python /opt/venv/bin/python rasa.txt

FROM python:3.10-slim
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin samenspel \
    && install -d -o 10001 -g 10001 /samenspel /samenspel/models
WORKDIR /samenspel
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/samenspel \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RASA_TELEMETRY_ENABLED=false \
    TF_CPP_MIN_LOG_LEVEL=3 \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    RASA_CACHE_DIRECTORY=/tmp/rasa-cache
COPY LICENSE config.yml endpoints.yml credentials.yml ./
COPY domain domain
COPY stories stories
COPY nlu nlu
# Only what runs in both worlds: Rasa gets no code that reaches the database of the product.
COPY participation/__init__.py participation/__init__.py
COPY participation/language participation/language
USER 10001:10001
RUN python -m rasa train --config config.yml --domain domain --data nlu stories --out models --fixed-model-name model \
    && rm -rf /tmp/rasa-cache
EXPOSE 8001
CMD ["python", "-m", "rasa", "run", "-m", "models/model.tar.gz", "--endpoints", "endpoints.yml", \
     "--credentials", "credentials.yml", "-i", "0.0.0.0", "-p", "8001"]
