// The command line, as the tests compiled it.
import { main } from '../../commands/main.js';

process.exitCode = await main(process.argv.slice(2));
