-- CreateTable
CREATE TABLE "SpanOperation" (
    "service" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "first" BIGINT NOT NULL,
    "last" BIGINT NOT NULL,

    CONSTRAINT "SpanOperation_pkey" PRIMARY KEY ("service","key")
);

-- CreateIndex
CREATE INDEX "SpanOperation_last_idx" ON "SpanOperation"("last");
