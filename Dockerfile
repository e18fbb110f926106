FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Install scripts only serve the demo, the tests and the Prisma CLI: the server needs none.
RUN npm ci --ignore-scripts
COPY . .
RUN node bin/prepare.ts && npm prune --omit=dev --ignore-scripts && rm -rf .next/cache .cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 NODE_NO_WARNINGS=1 HOST=0.0.0.0 PORT=3000 CHOKEPOINT_DATA=/data MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build /app ./
RUN install -d -o node -g node /data .next/cache
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The flags: see V8_FLAGS in bin/bootstrap.mjs.
CMD ["node", "--wasm-wrapper-tiering-budget=1000000000", "--max-old-space-size=1536", "--max-semi-space-size=16", "bin/serve.ts"]
