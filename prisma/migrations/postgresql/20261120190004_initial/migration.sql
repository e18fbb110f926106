-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Batch" (
    "id" BIGINT NOT NULL,
    "signal" INTEGER NOT NULL,
    "receivedAt" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "Batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Meta" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Meta_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "Series" (
    "id" BIGINT NOT NULL,
    "labels" TEXT NOT NULL,

    CONSTRAINT "Series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Chunk" (
    "seriesId" BIGINT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "Chunk_pkey" PRIMARY KEY ("seriesId","start","seq")
);

-- CreateTable
CREATE TABLE "MetricMetadata" (
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "help" TEXT NOT NULL,
    "unit" TEXT NOT NULL,

    CONSTRAINT "MetricMetadata_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "TraceBlock" (
    "seq" BIGINT NOT NULL,
    "part" INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "TraceBlock_pkey" PRIMARY KEY ("seq","part")
);

-- CreateTable
CREATE TABLE "TraceLocation" (
    "trace" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "part" INTEGER NOT NULL,

    CONSTRAINT "TraceLocation_pkey" PRIMARY KEY ("trace","seq","part")
);

-- CreateTable
CREATE TABLE "TraceSummary" (
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "part" INTEGER NOT NULL,
    "end" BIGINT NOT NULL,
    "maxDurationUs" DOUBLE PRECISION NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "TraceSummary_pkey" PRIMARY KEY ("start","seq","part")
);

-- CreateTable
CREATE TABLE "SpanStatistics" (
    "service" TEXT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "SpanStatistics_pkey" PRIMARY KEY ("service","start","seq")
);

-- CreateTable
CREATE TABLE "StatementText" (
    "fingerprint" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "StatementText_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateTable
CREATE TABLE "StatementStatistics" (
    "fingerprint" TEXT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "StatementStatistics_pkey" PRIMARY KEY ("fingerprint","start","seq")
);

-- CreateTable
CREATE TABLE "NoticeBlock" (
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "NoticeBlock_pkey" PRIMARY KEY ("start","seq")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "service" TEXT NOT NULL,
    "content" TEXT NOT NULL,

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Finding" (
    "id" TEXT NOT NULL,
    "detector" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "firstSeen" BIGINT NOT NULL,
    "lastSeen" BIGINT NOT NULL,
    "content" TEXT NOT NULL,

    CONSTRAINT "Finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "deleteKeyHash" TEXT NOT NULL,
    "content" TEXT NOT NULL,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Embed" (
    "tokenHash" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "content" TEXT NOT NULL,

    CONSTRAINT "Embed_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "Step" (
    "findingId" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "done" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Step_pkey" PRIMARY KEY ("findingId","step")
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
