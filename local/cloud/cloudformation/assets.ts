import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string; readonly executable?: readonly string[] };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
  readonly dockerImages?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly directory?: string };
        readonly destinations: Readonly<Record<string, { readonly imageTag: string }>>;
      }
    >
  >;
}

const hash = /[0-9a-f]{64}/g;

/** Files and folders of a cloud assembly, found by the hashes that templates name. */
export interface Assets {
  /** Absolute path for a reference that holds the hash or is a registered name. Throws when unknown. */
  path(reference: string): string;
  /** Makes `reference` (an image URI that a custom resource gives) stand for the asset of `source`. */
  register(reference: string, source: string): void;
}

/** Reads every `*.assets.json` of an assembly. Assets made by an executable are refused when asked for. */
export function readAssets(directory: string): Assets {
  const paths = new Map<string, string>();
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.assets.json'))) {
    const manifest = JSON.parse(readFileSync(join(directory, file), 'utf8')) as AssetManifest;
    for (const [id, asset] of Object.entries(manifest.files ?? {})) {
      if (asset.source.path === undefined) continue;
      paths.set(id, join(directory, asset.source.path));
      for (const { objectKey } of Object.values(asset.destinations)) {
        for (const key of objectKey.match(hash) ?? []) paths.set(key, join(directory, asset.source.path));
      }
    }
    for (const [id, image] of Object.entries(manifest.dockerImages ?? {})) {
      if (image.source.directory === undefined) continue;
      const path = join(directory, image.source.directory);
      paths.set(id, path);
      for (const { imageTag } of Object.values(image.destinations)) paths.set(imageTag, path);
    }
  }
  return {
    path(reference) {
      const exact = paths.get(reference) ?? paths.get(reference.slice(reference.lastIndexOf(':') + 1));
      if (exact !== undefined) return exact;
      for (const key of reference.match(hash) ?? []) {
        const found = paths.get(key);
        if (found !== undefined) return found;
      }
      throw new Error(`The assembly ${directory} has no asset for ${reference}`);
    },
    register(reference, source) {
      paths.set(reference, this.path(source));
    },
  };
}
