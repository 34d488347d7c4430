# The app world: chat, API and desk (web), actions, worker and prepare. One image, four commands.
FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements/uv.txt requirements/app.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r uv.txt \
    && python -m venv --without-pip /opt/venv \
    && uv pip sync --no-cache --require-hashes --compile-bytecode --python /opt/venv/bin/python app.txt

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin samenspel
WORKDIR /samenspel
COPY --from=build /opt/venv /opt/venv
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
    SAMENSPEL_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000 8002
CMD ["python", "-m", "web"]
