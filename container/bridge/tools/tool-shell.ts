/**
 * OpenClaw's $SHELL. OpenClaw starts it, as its own user, for every command; it has the bridge run the command as the
 * tools' user and passes input, output, signals and the exit on. Arguments: the bridge's socket, the workspace, and
 * what a shell gets (`-c COMMAND`).
 */
import { connect } from 'node:net';
import { constants } from 'node:os';
import { encodeFrame, FrameReader } from './frames.ts';
import { openOwnFiles } from './own-files.ts';
import type { ToolExit, ToolRequest } from './request.ts';

const [, , socketPath = '', workspace = '', ...shellArguments] = process.argv;
const command = shellArguments.at(-1);
if (command === undefined || !shellArguments.slice(0, -1).some((flag) => /^-\w*c$/.test(flag))) {
  process.stderr.write('This shell runs commands (-c COMMAND) only.\n');
  process.exit(2);
}

const socket = connect(socketPath);
const reader = new FrameReader();
const isTerminal = process.stdin.isTTY === true;

const request: ToolRequest = {
  command,
  cwd: process.cwd(),
  env: Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
  terminal: isTerminal ? { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 } : null,
  own: openOwnFiles(workspace, process.getuid?.() ?? -1),
};
socket.write(encodeFrame('run', JSON.stringify(request)));

if (isTerminal) process.stdin.setRawMode(true);
process.stdin.on('data', (chunk) => {
  if (!socket.write(encodeFrame('input', chunk))) {
    process.stdin.pause();
    socket.once('drain', () => process.stdin.resume());
  }
});
process.stdin.on('end', () => socket.write(encodeFrame('inputEnd')));
process.stdin.on('error', () => socket.write(encodeFrame('inputEnd')));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)
  process.on(signal, () => socket.write(encodeFrame('signal', signal)));

const leave = ({ code, signal }: ToolExit) => {
  // What was written is out before this ends: pipes and terminals are written to synchronously on Linux.
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal as NodeJS.Signals);
    process.exitCode = 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
  }
  process.exit(code ?? process.exitCode);
};
socket.on('data', (chunk) => {
  for (const { kind, body } of reader.read(chunk)) {
    if (kind === 'output') process.stdout.write(body);
    if (kind === 'error') process.stderr.write(body);
    if (kind === 'exit') leave(JSON.parse(body.toString()) as ToolExit);
  }
});
socket.on('error', () => {});
socket.on('close', () => {
  process.stderr.write('The command was ended with its task.\n');
  process.exit(137);
});
