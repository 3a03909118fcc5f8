# The release build: Native AOT, so the image holds one binary and the C and OpenSSL libraries it loads.
ARG DOTNET=10.0
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src src
COPY charts-free-manifests/base charts-free-manifests/base
RUN dotnet publish src/RunnerWebhook -c Release -o /out

FROM mcr.microsoft.com/dotnet/runtime-deps:${DOTNET}-noble-chiseled
COPY --from=build /out/runner-webhook /runner-webhook
USER 65532:65532
ENTRYPOINT ["/runner-webhook"]
