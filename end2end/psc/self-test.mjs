// Starts the simulator on spare ports and does with it what CareLink does. `node self-test.mjs`; the exit code tells.
import './self-test/protocol.mjs';
import './self-test/people.mjs';
import './self-test/refusals.mjs';
import './self-test/sessions.mjs';
import './self-test/control.mjs';
// The last: it ends the simulator.
import './self-test/process.mjs';
