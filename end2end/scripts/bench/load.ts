// A closed loop: so many workers, each of which calls again as soon as it has its answer.
import { busySeconds, familySeconds, memory, resetPeak } from './process.ts';
import { mb } from './table.ts';

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
  /** Processors that each took meanwhile. A client near 1 measures itself; others should be near 0. */
  cores: { server: number; client: number; others: number };
  /** The server's most memory meanwhile (VmHWM), in bytes. */
  peak: number;
}

/** Ends after so many calls altogether, or begins no other one after so many seconds. */
export type Until = { calls: number } | { seconds: number };

/** `server`: the process whose share of the processors is told, children and PostgreSQL included. */
export async function load(server: number, workers: number, until: Until, act: (worker: number) => Promise<Sample>): Promise<Load> {
  const result: Load = { count: 0, seconds: 0, bytes: 0, times: [], firsts: [], cores: { server: 0, client: 0, others: 0 }, peak: 0 };
  const begun = performance.now();
  const spent = () => {
    const { user, system } = process.cpuUsage();
    return { client: (user + system) / 1e6, server: familySeconds(server), all: busySeconds() };
  };
  resetPeak(server);
  const before = spent();
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
  const after = spent();
  result.seconds = (performance.now() - begun) / 1000;
  const cores = (part: 'client' | 'server' | 'all') => (after[part] - before[part]) / result.seconds;
  result.cores = { server: cores('server'), client: cores('client'), others: cores('all') - cores('server') - cores('client') };
  result.peak = memory(server).peak;
  return result;
}

/** `12.3 s; cores: server 1.2, client 0.4, others 0.1; server's memory up to 60.0 MB`: what every load is told with. */
export function effort({ seconds, cores, peak }: Load): string {
  const share = (n: number) => Math.max(0, n).toFixed(1);
  const shares = `server ${share(cores.server)}, client ${share(cores.client)}, others ${share(cores.others)}`;
  return `${seconds.toFixed(1)} s; cores: ${shares}; server's memory up to ${mb(peak)}`;
}
