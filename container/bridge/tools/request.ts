import { z } from 'zod';

/** What the tools' shell asks the bridge to run. */
export const toolRequest = z.object({
  command: z.string(),
  cwd: z.string().startsWith('/'),
  /** What OpenClaw set for this command; the bridge takes none of OpenClaw's own variables. */
  env: z.record(z.string(), z.string()),
  /** Size of the terminal that it shows, null when there is none. */
  terminal: z.object({ columns: z.number().int(), rows: z.number().int() }).nullable(),
  /** OpenClaw's files in the workspace, which its tools are to have. */
  own: z.array(z.string()),
});
export type ToolRequest = z.infer<typeof toolRequest>;

export const toolExit = z.object({ code: z.number().nullable(), signal: z.string().nullable() });
export type ToolExit = z.infer<typeof toolExit>;
