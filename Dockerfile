FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that the server needs has an install script; those that have one serve the demo and the tests.
RUN npm ci --ignore-scripts
COPY . .
# prisma's version is part of the generated clients' mark, which the server compares at start; the package is not needed.
RUN node bin/prepare.ts \
 && cp node_modules/prisma/package.json /tmp/prisma.json \
 && npm prune --omit=dev --ignore-scripts \
 && mkdir -p node_modules/prisma && mv /tmp/prisma.json node_modules/prisma/package.json \
 && rm -rf .next/cache .cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 NODE_NO_WARNINGS=1 HOST=0.0.0.0 PORT=3000 CHOKEPOINT_DATA=/data
WORKDIR /app
COPY --from=build /app ./
RUN install -d -o node -g node /data .next/cache
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/serve.ts"]
