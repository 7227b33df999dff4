// A closed loop: so many workers, each of which calls again as soon as it has its answer.

/** What one call took and moved. */
export interface Sample {
  ms: number;
  first?: number;
  bytes?: number;
}

export interface Load {
  count: number;
  seconds: number;
  bytes: number;
  /** Milliseconds of every call, and to the first byte of its answer. */
  times: number[];
  firsts: number[];
  /** Processors that this process, the client, took meanwhile: near 1, it measures itself. */
  client: number;
}

/** Ends after so many calls altogether, or begins no other one after so many seconds. */
export type Until = { calls: number } | { seconds: number };

export async function load(workers: number, until: Until, act: (worker: number) => Promise<Sample>): Promise<Load> {
  const result: Load = { count: 0, seconds: 0, bytes: 0, times: [], firsts: [], client: 0 };
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let calls = 0;
  const goesOn = () => ('calls' in until ? calls < until.calls : performance.now() - begun < until.seconds * 1000);
  const work = async (worker: number) => {
    while (goesOn()) {
      calls += 1;
      const sample = await act(worker);
      result.count += 1;
      result.bytes += sample.bytes ?? 0;
      result.times.push(sample.ms);
      if (sample.first !== undefined) result.firsts.push(sample.first);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  const used = process.cpuUsage(cpu);
  result.seconds = (performance.now() - begun) / 1000;
  result.client = (used.user + used.system) / 1e6 / result.seconds;
  return result;
}

/** `12.3 s, client 0.4 processors`: what every load is told with. */
export const effort = (load: Load) => `${load.seconds.toFixed(1)} s, client ${load.client.toFixed(2)} cores`;
