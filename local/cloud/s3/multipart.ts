import { createHash, randomBytes } from 'node:crypto';
import { AwsError, type CloudContext, type HttpReply } from '../service.ts';
import { authorizeObject, type Call } from './call.ts';
import {
  type Algorithm,
  algorithmOf,
  type Checksum,
  checksumHeaders,
  claimedChecksum,
  digestOf,
} from './checksum.ts';
import { infoOf } from './object-info.ts';
import type { ObjectStore, Part, Upload } from './object-store.ts';
import type { OperationName } from './operation.ts';
import { readPayload } from './payload.ts';
import { checkWrite } from './precondition.ts';
import type { Values } from './values.ts';
import { type Element, readXml, textOf, xml } from './xml.ts';

const minPart = 5 * 1024 * 1024;
const reply = (body: string, headers = {}): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body,
});

/** CreateMultipartUpload, UploadPart, CompleteMultipartUpload, AbortMultipartUpload and ListParts. */
export function multipartOperations(
  context: CloudContext,
  store: ObjectStore,
): Partial<Record<OperationName, (call: Call) => Promise<HttpReply>>> {
  function uploadOf({ request, bucket, key }: Call): Upload {
    const upload = store.upload(request.url.searchParams.get('uploadId') ?? '');
    if (upload?.bucket === bucket.name && upload.key === key) return upload;
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    );
  }

  async function create(call: Call): Promise<HttpReply> {
    authorizeObject(context, call, 's3:PutObject');
    const checksum = checksumPlan(call.values);
    const id = randomBytes(32).toString('base64url');
    store.addUpload({
      id,
      bucket: call.bucket.name,
      key: call.key,
      info: infoOf(call.values),
      ...(checksum ? { checksum } : {}),
      startedAt: context.now().getTime(),
    });
    const headers = checksum
      ? { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }
      : {};
    const result = { Bucket: call.bucket.name, Key: call.key, UploadId: id };
    return reply(xml('InitiateMultipartUploadResult', result), headers);
  }

  async function uploadPart(call: Call): Promise<HttpReply> {
    authorizeObject(context, call, 's3:PutObject');
    const upload = uploadOf(call);
    const number = Number(call.request.url.searchParams.get('partNumber'));
    if (!Number.isInteger(number) || number < 1 || number > 10_000) {
      throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    }
    const { body, checksum } = readPayload(call.request.body, call.values);
    if (upload.checksum && checksum && checksum.algorithm !== upload.checksum.algorithm) {
      throw new AwsError(
        'InvalidRequest',
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm}, actual checksum Type: ${checksum.algorithm}`,
      );
    }
    const blob = await store.blobs.write([body]);
    try {
      uploadOf(call);
    } catch (error) {
      store.blobs.remove(blob.name);
      throw error;
    }
    store.putPart(upload, {
      number,
      size: blob.size,
      etag: blob.md5,
      ...(checksum ? { checksum } : {}),
      modifiedAt: context.now().getTime(),
      blob: blob.name,
    });
    return { status: 200, headers: { etag: `"${blob.md5}"`, ...checksumHeaders(checksum) } };
  }

  async function complete(call: Call): Promise<HttpReply> {
    authorizeObject(context, call, 's3:PutObject');
    const upload = uploadOf(call);
    const parts = chosenParts(readXml(call.request.body.toString()), store.parts(upload));
    const { bucket, key, values } = call;
    checkWrite(store.find(bucket.name, key), values);
    const hash = wholeChecksum(upload, parts);
    const blob = await store.blobs.write(bytesOf(parts, hash));
    const checksum = hash?.result();
    try {
      const claim = checksum && claimedChecksum(values);
      if (claim && (claim.algorithm !== checksum.algorithm || claim.value !== checksum.value)) {
        throw new AwsError(
          'BadDigest',
          `The ${claim.algorithm} you specified did not match the calculated checksum.`,
        );
      }
      // Another Complete or Abort, or another writer of the key, may have been faster.
      uploadOf(call);
      checkWrite(store.find(bucket.name, key), values);
    } catch (error) {
      store.blobs.remove(blob.name);
      throw error;
    }
    const md5 = createHash('md5');
    for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
    const etag = `${md5.digest('hex')}-${parts.length}`;
    const info = { ...upload.info, ...(checksum ? { checksum } : {}) };
    store.put({ bucket: bucket.name, key, etag, info, modifiedAt: context.now().getTime() }, blob);
    store.removeUpload(upload);
    return reply(
      xml('CompleteMultipartUploadResult', {
        Location: `${context.endpoint}/${bucket.name}/${encodeURIComponent(key)}`,
        Bucket: bucket.name,
        Key: key,
        ETag: `"${etag}"`,
        ...(checksum
          ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }
          : {}),
      }),
    );
  }

  async function* bytesOf(parts: readonly Part[], hash: WholeChecksum | undefined) {
    for (const part of parts) {
      const bytes = await store.blobs.read(part.blob, 0, part.size - 1);
      if (!bytes) throw new AwsError('NoSuchUpload', 'The specified upload does not exist.', 404);
      hash?.add(bytes);
      yield bytes;
    }
  }

  async function abort(call: Call): Promise<HttpReply> {
    authorizeObject(context, call, 's3:AbortMultipartUpload');
    store.removeUpload(uploadOf(call));
    return { status: 204 };
  }

  async function list(call: Call): Promise<HttpReply> {
    authorizeObject(context, call, 's3:ListMultipartUploadParts');
    const upload = uploadOf(call);
    const query = call.request.url.searchParams;
    const limit = Math.min(Number(query.get('max-parts') ?? 1000), 1000);
    const after = Number(query.get('part-number-marker') ?? 0);
    const rest = store.parts(upload).filter(({ number }) => number > after);
    const page = rest.slice(0, limit);
    const truncated = rest.length > page.length;
    return reply(
      xml('ListPartsResult', {
        Bucket: call.bucket.name,
        Key: call.key,
        UploadId: upload.id,
        PartNumberMarker: after,
        ...(truncated ? { NextPartNumberMarker: page.at(-1)?.number ?? after } : {}),
        MaxParts: limit,
        IsTruncated: truncated,
        Part: page.map(({ number, size, etag, checksum, modifiedAt }) => ({
          PartNumber: number,
          LastModified: new Date(modifiedAt).toISOString(),
          ETag: `"${etag}"`,
          Size: size,
          ...(checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {}),
        })),
        StorageClass: 'STANDARD',
      }),
    );
  }

  return {
    CreateMultipartUpload: create,
    UploadPart: uploadPart,
    CompleteMultipartUpload: complete,
    AbortMultipartUpload: abort,
    ListParts: list,
  };
}

function checksumPlan(values: Values): Upload['checksum'] {
  const named = values['x-amz-checksum-algorithm'];
  if (named === undefined) return undefined;
  const algorithm = algorithmOf(named);
  const type = values['x-amz-checksum-type'] ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const served = type === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : algorithm !== 'CRC64NVME';
  if ((type !== 'FULL_OBJECT' && type !== 'COMPOSITE') || !served) {
    throw new AwsError(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  }
  return { algorithm, type };
}

/** The parts that a request names, checked against those that were uploaded. */
function chosenParts(request: Element, uploaded: readonly Part[]): readonly Part[] {
  const entries = request.children.filter(({ name }) => name === 'Part');
  if (request.name !== 'CompleteMultipartUpload' || entries.length === 0) {
    throw new AwsError('MalformedXML', 'A CompleteMultipartUpload element names its parts.');
  }
  const parts = entries.map((entry) => {
    const number = Number(textOf(entry, 'PartNumber'));
    const etag = textOf(entry, 'ETag')?.replace(/^"|"$/g, '');
    const part = uploaded.find((each) => each.number === number);
    const sum = part?.checksum && textOf(entry, `Checksum${part.checksum.algorithm}`);
    if (!part || part.etag !== etag || (sum !== undefined && sum !== part.checksum?.value)) {
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    }
    return part;
  });
  if (parts.some((part, index) => index > 0 && part.number <= (parts[index - 1]?.number ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  if (parts.slice(0, -1).some(({ size }) => size < minPart)) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
}

interface WholeChecksum {
  add(bytes: Buffer): void;
  result(): Checksum;
}

/** A composite checksum is made of the parts' own; a full one of all bytes, which are few enough to be held. */
function wholeChecksum(upload: Upload, parts: readonly Part[]): WholeChecksum | undefined {
  if (!upload.checksum) return undefined;
  const { algorithm, type } = upload.checksum;
  const pieces: Buffer[] = [];
  return {
    add: (bytes) =>
      void pieces.push(type === 'FULL_OBJECT' ? bytes : digestOf(algorithm as Algorithm, bytes)),
    result() {
      const value = digestOf(algorithm, Buffer.concat(pieces)).toString('base64');
      return { algorithm, type, value: type === 'COMPOSITE' ? `${value}-${parts.length}` : value };
    },
  };
}
