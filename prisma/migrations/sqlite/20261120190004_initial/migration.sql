-- By hand: WITHOUT ROWID for TraceLocation, whose rows are nothing but their key.
-- CreateTable
CREATE TABLE "Batch" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "signal" INTEGER NOT NULL,
    "receivedAt" BIGINT NOT NULL,
    "data" BLOB NOT NULL
);

-- CreateTable
CREATE TABLE "Meta" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Series" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "labels" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Chunk" (
    "seriesId" BIGINT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("seriesId", "start", "seq")
);

-- CreateTable
CREATE TABLE "MetricMetadata" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "type" TEXT NOT NULL,
    "help" TEXT NOT NULL,
    "unit" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "TraceBlock" (
    "seq" BIGINT NOT NULL,
    "part" INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("seq", "part")
);

-- CreateTable
CREATE TABLE "TraceLocation" (
    "trace" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "part" INTEGER NOT NULL,

    PRIMARY KEY ("trace", "seq", "part")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "TraceSummary" (
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "part" INTEGER NOT NULL,
    "end" BIGINT NOT NULL,
    "maxDurationUs" REAL NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("start", "seq", "part")
);

-- CreateTable
CREATE TABLE "SpanStatistics" (
    "service" TEXT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("service", "start", "seq")
);

-- CreateTable
CREATE TABLE "StatementText" (
    "fingerprint" TEXT NOT NULL PRIMARY KEY,
    "text" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "StatementStatistics" (
    "fingerprint" TEXT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("fingerprint", "start", "seq")
);

-- CreateTable
CREATE TABLE "NoticeBlock" (
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("start", "seq")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" BIGINT NOT NULL,
    "service" TEXT NOT NULL,
    "content" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Finding" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "detector" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "firstSeen" BIGINT NOT NULL,
    "lastSeen" BIGINT NOT NULL,
    "content" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "deleteKeyHash" TEXT NOT NULL,
    "content" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Embed" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "content" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Step" (
    "findingId" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "done" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("findingId", "step")
);

-- CreateIndex
CREATE INDEX "Chunk_start_idx" ON "Chunk"("start");

-- CreateIndex
CREATE INDEX "TraceBlock_end_idx" ON "TraceBlock"("end");

-- CreateIndex
CREATE INDEX "TraceSummary_end_idx" ON "TraceSummary"("end");

-- CreateIndex
CREATE INDEX "SpanStatistics_start_idx" ON "SpanStatistics"("start");

-- CreateIndex
CREATE INDEX "StatementStatistics_start_idx" ON "StatementStatistics"("start");

-- CreateIndex
CREATE INDEX "Event_at_idx" ON "Event"("at");

-- CreateIndex
CREATE INDEX "Finding_lastSeen_idx" ON "Finding"("lastSeen");

-- CreateIndex
CREATE INDEX "Snapshot_expiresAt_idx" ON "Snapshot"("expiresAt");

-- CreateIndex
CREATE INDEX "Embed_expiresAt_idx" ON "Embed"("expiresAt");
