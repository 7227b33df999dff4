// The process: starts the simulator, says so in one line, and ends with the program that started it.
import { startSimulator } from './hosts.mjs';
import { SettingsError, readSettings } from './settings.mjs';

const parent = process.ppid;

// Ctrl-C reaches everybody at the terminal at once. CareLink still has requests to finish then, and ends us when it ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => process.exit(0));

// A parent that is killed can't tell anybody. Its orphans are handed to another process, which shows.
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, 1_000).unref();

try {
  const settings = readSettings(process.env);
  await startSimulator(settings);
  console.log(`Pro Santé Connect (simulateur): ${settings.issuer}`);
} catch (error) {
  console.error(sentence(error));
  process.exit(1);
}

function sentence(error) {
  if (error instanceof SettingsError) return error.message;
  if (error.code === 'EADDRINUSE') {
    return `Port ${error.port} is taken: end what listens there, or set PSC_PORT (and PSC_WALLET_PORT) to others.`;
  }
  return error.stack;
}
