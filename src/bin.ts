#!/usr/bin/env node
// Old versions of Node must be able to read this file to say what is wrong, and the database driver
// crashes on them when it is loaded: so no static imports here, and no syntax they don't know.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `underlabel needs Node 22.19 or newer and this is Node ${process.versions.node}, so it did not start. Install a newer Node and run it again.\n`,
  );
  process.exitCode = 2;
} else {
  import('./cli/main.ts').then(({ main }) => main(process.argv));
}
