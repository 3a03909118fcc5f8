# The release build: Native AOT, so the image holds one binary and the C and OpenSSL libraries it loads.
#
# One platform: ./dev image REGISTRY/runner-webhook:0.1.0
# Several: docker buildx build --platform linux/amd64,linux/arm64 … with a builder of each platform. The build runs on the
# platform that it is for, because Native AOT links with that platform's toolchain; Microsoft doesn't support the SDK under
# QEMU.
#
# By digest, for a build that can be repeated: --build-arg SDK=mcr.microsoft.com/dotnet/sdk@sha256:…, and RUNTIME likewise.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK} AS build
ARG VERSION=0.1.0
RUN apt-get update && apt-get install -y --no-install-recommends gcc zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src src
COPY charts-free-manifests/base charts-free-manifests/base
COPY charts-free-manifests/components charts-free-manifests/components
COPY charts-free-manifests/samples charts-free-manifests/samples
RUN dotnet publish src/RunnerWebhook -c Release -p:Version="${VERSION}" -o /out && /out/runner-webhook --version

FROM ${RUNTIME}
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="runner-webhook" \
      org.opencontainers.image.description="Injects GitLab runners into labelled workloads" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
COPY --from=build /out/runner-webhook /runner-webhook
USER 65532:65532
ENTRYPOINT ["/runner-webhook"]
