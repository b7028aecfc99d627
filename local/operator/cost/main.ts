// `npm run cost`: what a month of a deployment costs on AWS.
import { createProgress } from '../../app/bootstrap/progress.mjs';
import { help, questionOf } from './options.ts';
import { reportOf } from './report.ts';

try {
  const question = questionOf(process.argv.slice(2), process.env);
  process.stdout.write(question ? reportOf(question) : help);
} catch (error) {
  createProgress({ out: process.stderr }).fail(error);
  process.exitCode = 1;
}
