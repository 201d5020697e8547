# One image for every process: the command says which (`tp serve` unless told otherwise).

FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/tp
COPY requirements.lock .
RUN /opt/tp/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
COPY . .
RUN /opt/tp/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home tp && mkdir /data && chown tp /data
COPY --from=build /opt/tp /opt/tp
ENV PATH=/opt/tp/bin:$PATH PYTHONUNBUFFERED=1 TP_MODE=production TP_HOST=0.0.0.0 TP_DATA_DIR=/data
USER tp
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["tp", "serve"]
