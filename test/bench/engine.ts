// iopftop's side of the benchmarks: `drain N`, `latency N`, `memory N M`. Prints one line of JSON.
const [mode, ...numbers] = process.argv.slice(2);
const [count = 0, more = 0] = numbers.map(Number);

async function run(): Promise<object> {
  switch (mode) {
    case 'drain':
      return (await import('./engine-drain.ts')).drain(count);
    case 'latency':
      return (await import('./engine-latency.ts')).latency(count);
    case 'memory':
      return (await import('./engine-memory.ts')).memory(count, more);
    default:
      throw new Error(`no benchmark ${mode}`);
  }
}

process.stdout.write(`${JSON.stringify(await run())}\n`);
// A worker or a descriptor that is still open must not keep the program.
process.exit(0);
