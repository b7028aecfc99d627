import * as z from 'zod';

/** Longest transcript that is kept, UTF-16 units: twenty minutes of fast speech. */
export const maxTranscriptLength = 20_000;

/**
 * Why a voice message was not written down. `unsupported`: the provider has no model for it. `spending`: the limit did
 * not allow it. `failed`: it was tried.
 */
export const transcriptFaults = ['unsupported', 'spending', 'failed'] as const;
export type TranscriptFault = (typeof transcriptFaults)[number];

/** What a machine understood of a message's voice, or why there is nothing. */
export const transcript = z.union([
  z.object({ text: z.string().max(maxTranscriptLength) }),
  z.object({ fault: z.enum(transcriptFaults) }),
]);
export type Transcript = z.infer<typeof transcript>;

/** What was understood; empty where nothing was, or nothing was spoken. */
export const spokenText = (of: Transcript | null | undefined): string => (of && 'text' in of ? of.text : '');
