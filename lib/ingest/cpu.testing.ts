/** CPU time of this thread that `run` takes, ms: unlike the clock it does not count what else the machine does. */
export function cpuMillis(run: () => void): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
