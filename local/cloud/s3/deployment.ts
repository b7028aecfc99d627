import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { CloudContext, Resource } from '../service.ts';
import type { ObjectStore } from './object-store.ts';

/** What the deployment of CDK guesses from a file's name; the rest is bytes. */
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.graphql': 'application/graphql',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xml': 'text/xml',
};

const unserved = ['Exclude', 'Include', 'SystemMetadata', 'UserMetadata'];

/**
 * Puts the files of `Custom::CDKBucketDeployment` resources into their buckets, when they are not what was put
 * there last. Throws for forms of a deployment that are not served.
 */
export async function deployFiles(context: CloudContext, store: ObjectStore): Promise<void> {
  for (const resource of context.assembly.byType('Custom::CDKBucketDeployment')) {
    const id = `${resource.stack}/${resource.logicalId}`;
    const { properties } = resource;
    const fingerprint = createHash('sha256').update(JSON.stringify(properties)).digest('hex');
    if (store.deployed(id) === fingerprint) continue;
    await deploy(context, store, resource);
    store.setDeployed(id, fingerprint);
  }
}

async function deploy(context: CloudContext, store: ObjectStore, resource: Resource): Promise<void> {
  const { properties, logicalId } = resource;
  const refuse = (what: string) => {
    throw new Error(`bucket deployment ${logicalId}: the local cloud has no ${what}`);
  };
  for (const name of unserved) if (properties[name] !== undefined) refuse(name);
  const bucket: string = properties.DestinationBucketName;
  const folder = String(properties.DestinationBucketKeyPrefix ?? '').replace(/^\/|\/$/g, '');
  const prefix = folder === '' ? '' : `${folder}/`;
  const deployed = new Set<string>();
  for (const [index, reference] of (properties.SourceObjectKeys as string[]).entries()) {
    const source = context.assembly.assetPath(reference);
    if (!statSync(source).isDirectory()) refuse(`source that is an archive (${reference})`);
    const markers: Readonly<Record<string, unknown>> = properties.SourceMarkers?.[index] ?? {};
    for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const key = prefix + relative(source, path).split(sep).join('/');
      deployed.add(key);
      const blob = await store.blobs.write([filled(readFileSync(path), markers)]);
      const headers = { 'content-type': contentTypes[extname(path).toLowerCase()] ?? 'binary/octet-stream' };
      const info = { headers, user: {} };
      store.put({ bucket, key, etag: blob.md5, info, modifiedAt: context.now().getTime() }, blob);
    }
  }
  if (String(properties.Prune ?? true) !== 'true') return;
  for (const { key } of [...store.list(bucket, prefix)]) if (!deployed.has(key)) store.delete(bucket, key);
}

/** Values that are known at deployment only stand in the files as markers. */
function filled(content: Buffer, markers: Readonly<Record<string, unknown>>): Buffer {
  const entries = Object.entries(markers);
  if (!entries.length) return content;
  let text = content.toString();
  for (const [marker, value] of entries) text = text.replaceAll(marker, () => String(value));
  return Buffer.from(text);
}
