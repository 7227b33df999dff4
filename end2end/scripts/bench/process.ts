// What the kernel knows of a process and of those that it started: memory, processor time, programs.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Memory of one process, in bytes. */
export interface Memory {
  /** Resident now (VmRSS), and the most since the start or since `resetPeak` (VmHWM). */
  rss: number;
  peak: number;
}

export function memory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN);
  return { rss: field('VmRSS'), peak: field('VmHWM') };
}

/** Lets the peak begin anew (proc(5), clear_refs). */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Every process below this one, itself included. */
export function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat) parents.set(Number(name), Number(stat[1]));
  }
  const found = [pid];
  for (let i = 0; i < found.length; i++) for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  return found;
}

/** The fields of /proc/<pid>/stat from the state on; nothing when the process ended while we looked. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Memory of several processes together, what they share counted once (PSS), in bytes. */
export function sharedMemory(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      return sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return sum;
    }
  }, 0);
}

/** Processor time of the process and its ended children, in seconds (the kernel counts it in hundredths). */
export function cpuSeconds(pid: number): number {
  const stat = statOf(pid);
  return stat ? [11, 12, 13, 14].reduce((sum, at) => sum + Number(stat[at]), 0) / 100 : 0;
}

/** The same of a process and everything below it. */
export function familySeconds(pid: number): number {
  return family(pid).reduce((sum, member) => sum + cpuSeconds(member), 0);
}

/** Processor time that the whole machine has spent on anything, in seconds. */
export function busySeconds(): number {
  const fields = (/^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '').split(' ').map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) / 100;
}

/**
 * Waits until the server has nothing left to do: no child draws a document, and together with its PostgreSQL it takes
 * less than a twentieth of one processor over a second, twice in a row.
 */
export async function quiet(pid: number): Promise<void> {
  for (let calm = 0, before = familySeconds(pid); calm < 2; ) {
    await sleep(1000);
    const now = familySeconds(pid);
    calm = Math.abs(now - before) < 0.05 ? calm + 1 : 0;
    before = now;
  }
}

/** `PostgreSQL 15.14`, asked of the very program that runs below the server. */
export function postgresVersion(pid: number): string {
  for (const member of family(pid)) {
    try {
      const program = readlinkSync(`/proc/${member}/exe`);
      if (/\/postgres$/.test(program)) {
        return execFileSync(program, ['--version'], { encoding: 'utf8' }).replace(/^postgres \(PostgreSQL\)/, 'PostgreSQL').trim();
      }
    } catch {
      // It ended, or belongs to somebody else.
    }
  }
  return 'PostgreSQL of unknown version';
}
