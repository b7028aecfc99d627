import type { SnapshotUrls } from '../../core/ports.ts';

/** URLs that lead nowhere and say what they would allow. */
export const memorySnapshotUrls: SnapshotUrls = {
  download: async (key) => ({ url: `https://bucket.test/${key}?get`, headers: {} }),
  upload: async ({ key, size, sha256 }) => ({
    url: `https://bucket.test/${key}?put`,
    headers: { 'content-length': String(size), 'x-amz-checksum-sha256': sha256 },
  }),
};
