-- CreateTable
CREATE TABLE "SeriesGroup" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "metric" TEXT NOT NULL,
    "labels" BLOB NOT NULL,
    "times" BLOB NOT NULL,
    "first" BIGINT NOT NULL,
    "last" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "MetricBlock" (
    "group" BIGINT NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("group", "start", "seq")
);

-- CreateTable
CREATE TABLE "MetricRollup" (
    "group" BIGINT NOT NULL,
    "resolution" INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("group", "resolution", "start", "seq")
);

-- CreateTable
CREATE TABLE "ExemplarBlock" (
    "start" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("start", "seq")
);

-- CreateIndex
CREATE INDEX "SeriesGroup_last_idx" ON "SeriesGroup"("last");

-- CreateIndex
CREATE INDEX "MetricBlock_start_group_seq_end_count_idx" ON "MetricBlock"("start", "group", "seq", "end", "count");

-- CreateIndex
CREATE INDEX "MetricRollup_resolution_end_idx" ON "MetricRollup"("resolution", "end");

-- CreateIndex
CREATE INDEX "ExemplarBlock_end_idx" ON "ExemplarBlock"("end");
