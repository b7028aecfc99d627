import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketLocationCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  removeDirectories,
  type ServicesUnderTest,
  startServices,
  type TestResource,
  testRole,
} from '../services-under-test.ts';
import { createS3 } from './service.ts';

const Bucket = 'files-bucket';
const bucketArn = `arn:aws:s3:::${Bucket}`;
const resources: TestResource[] = [
  {
    type: 'AWS::S3::Bucket',
    physicalId: Bucket,
    properties: {
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedOrigins: ['http://localhost:5173'],
            AllowedMethods: ['GET', 'PUT'],
            AllowedHeaders: ['*'],
            ExposedHeaders: ['ETag'],
            MaxAge: 300,
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          { Status: 'Enabled', Prefix: 'tmp/', ExpirationInDays: 1 },
          { Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'state', Value: 'unsent' }] },
          { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        ],
      },
    },
  },
  { type: 'AWS::S3::Bucket', physicalId: 'guarded-bucket', properties: {} },
  {
    type: 'AWS::S3::BucketPolicy',
    physicalId: 'guarded-bucket',
    properties: {
      Bucket: 'guarded-bucket',
      PolicyDocument: {
        Statement: [
          {
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Resource: ['arn:aws:s3:::guarded-bucket', 'arn:aws:s3:::guarded-bucket/*'],
          },
          {
            Action: 's3:DeleteObject',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Resource: 'arn:aws:s3:::guarded-bucket/*',
          },
        ],
      },
    },
  },
  testRole('all', [
    {
      Effect: 'Allow',
      Action: 's3:*',
      Resource: [bucketArn, `${bucketArn}/*`, 'arn:aws:s3:::guarded-bucket/*'],
    },
  ]),
  testRole('sorter', [
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:PutObjectTagging'],
      Resource: `${bucketArn}/*`,
      Condition: { StringEquals: { 's3:RequestObjectTag/state': 'unsent' } },
    },
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `${bucketArn}/*`,
      Condition: { StringEquals: { 's3:ExistingObjectTag/state': 'unsent' } },
    },
  ]),
  testRole('ada', [
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `${bucketArn}/owners/ada/*` },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn,
      Condition: { StringLike: { 's3:prefix': ['owners/ada/*'] } },
    },
  ]),
];

let cloud: ServicesUnderTest;
const start = async (again?: ServicesUnderTest) => {
  cloud = await startServices({ resources, services: [createS3], ...(again ? { again } : {}) });
};
beforeAll(() => start());
afterAll(async () => {
  await cloud.close();
  removeDirectories();
});

function client(role = 'all', options: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: cloud.credentials(role),
    maxAttempts: 1,
    ...options,
  });
}
let s3: S3Client;
beforeEach(() => {
  s3 = client();
});

async function stored(Key: string): Promise<string | undefined> {
  try {
    return await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}
const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

test('an object is given back as it was stored, with type, metadata and checksum', async () => {
  const Key = 'notes/한글 & <x>+ü.txt';
  const result = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: 'hello',
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      Metadata: { who: 'ada' },
    }),
  );
  expect(result.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(got).toMatchObject({
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    Metadata: { who: 'ada' },
    ETag: result.ETag,
    ContentLength: 5,
    ChecksumCRC32: 'NhCmhg==',
  });
  await expect(got.Body?.transformToString()).resolves.toBe('hello');
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key }))).resolves.toMatchObject({ ContentLength: 5 });
  const range = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=1-2' }));
  expect(range.ContentRange).toBe('bytes 1-2/5');
  await expect(range.Body?.transformToString()).resolves.toBe('el');
  const tail = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-2' }));
  await expect(tail.Body?.transformToString()).resolves.toBe('lo');
  await expect(s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=9-' }))).rejects.toMatchObject({
    name: 'InvalidRange',
  });
});

test('a stream is stored whole, with its trailing checksum checked', async () => {
  const body = Buffer.alloc(300_000, 'abc');
  const stream = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'stream',
      Body: stream,
      ContentLength: body.length,
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  expect(await stored('stream')).toBe(body.toString());
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
  expect(head.ChecksumSHA256).toBe(createHash('sha256').update(body).digest('base64'));
  expect(head.ContentEncoding).toBeUndefined();
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  'the client and the store agree on %s',
  async (ChecksumAlgorithm) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'sum', Body: 'hello', ChecksumAlgorithm }));
    expect(await stored('sum')).toBe('hello');
  },
);

test('a wrong checksum is refused and nothing is stored', async () => {
  const wrong = new PutObjectCommand({
    Bucket,
    Key: 'bad-sum',
    Body: 'hello',
    ChecksumSHA256: 'A'.repeat(43).concat('='),
  });
  await expect(s3.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
  const md5 = new PutObjectCommand({
    Bucket,
    Key: 'bad-sum',
    Body: 'hello',
    ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==',
  });
  await expect(s3.send(md5)).rejects.toMatchObject({ name: 'BadDigest' });
  expect(await stored('bad-sum')).toBeUndefined();
});

test('If-None-Match: * creates once; If-Match replaces only what was seen', async () => {
  const first = await s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: '1', IfNoneMatch: '*' }));
  await expect(
    s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: '2', IfNoneMatch: '*' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(
    s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: '3', IfMatch: '"other"' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(await stored('once')).toBe('1');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: '4', IfMatch: first.ETag }));
  expect(await stored('once')).toBe('4');
  await expect(
    s3.send(
      new GetObjectCommand({
        Bucket,
        Key: 'once',
        IfNoneMatch: `"${createHash('md5').update('4').digest('hex')}"`,
      }),
    ),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
});

test('of two writers that come at once with If-None-Match: *, one wins', async () => {
  const writes = ['a', 'b', 'c'].map((Body) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'race', Body, IfNoneMatch: '*' })).then(
      () => Body,
      () => undefined,
    ),
  );
  const winners = (await Promise.all(writes)).filter(Boolean);
  expect(winners).toHaveLength(1);
  expect(await stored('race')).toBe(winners[0]);
});

test('objects are copied, deleted one by one and many at once', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'from here', Body: 'x', Metadata: { a: 'b' } }));
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from%20here` }));
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).resolves.toMatchObject({
    Metadata: { a: 'b' },
  });
  await expect(
    s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/none` })),
  ).rejects.toMatchObject({ name: 'NoSuchKey' });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'to' }));
  expect(await stored('to')).toBeUndefined();
  const result = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'from here' }, { Key: 'not <there>' }] } }),
  );
  expect(result.Deleted?.map(({ Key }) => Key)).toEqual(['from here', 'not <there>']);
  expect(await stored('from here')).toBeUndefined();
});

test('a listing has folders and pages that leave out nothing', async () => {
  const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/d/1', 'l/é'];
  for (const key of keys) await put(key, key);
  const all: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'l/', Delimiter: '/', MaxKeys: 2, ContinuationToken }),
    );
    expect(page.KeyCount).toBeLessThanOrEqual(2);
    all.push(
      ...(page.Contents ?? []).map(({ Key = '' }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    );
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(all.sort()).toEqual(['l/a', 'l/b/', 'l/c', 'l/d/', 'l/é']);
  const flat = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'l/', StartAfter: 'l/b/1', EncodingType: 'url' }),
  );
  expect(flat.Contents?.map(({ Key }) => Key)).toEqual(['l/b/2', 'l/c', 'l/d/1', 'l/%C3%A9']);
  await s3.send(new HeadBucketCommand({ Bucket }));
  await expect(s3.send(new GetBucketLocationCommand({ Bucket }))).resolves.not.toHaveProperty(
    'LocationConstraint',
    'x',
  );
});

test('an upload in parts becomes one object, and nothing before it is complete', async () => {
  const Key = 'parts';
  const first = Buffer.alloc(5 * 1024 * 1024, 'p');
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/plain' }),
  );
  const send = async (PartNumber: number, Body: Buffer) => {
    const { ETag, ChecksumCRC32 } = await s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
    );
    return { ETag, PartNumber, ChecksumCRC32 };
  };
  const parts = [await send(1, first), await send(2, Buffer.from('end'))];
  expect(await stored(Key)).toBeUndefined();
  const list = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
  expect(list.Parts?.map(({ Size }) => Size)).toEqual([first.length, 3]);
  const wrong = { Parts: [{ ETag: '"0"', PartNumber: 1 }] };
  await expect(
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: wrong })),
  ).rejects.toMatchObject({ name: 'InvalidPart' });
  const swapped = { Parts: parts.toReversed() };
  await expect(
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: swapped })),
  ).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  const done = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }),
  );
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(got).toMatchObject({ ContentLength: first.length + 3, ContentType: 'text/plain', ETag: done.ETag });
  await expect(got.Body?.transformToString()).resolves.toMatch(/^p+end$/);
  await expect(
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } })),
  ).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('an aborted upload leaves nothing', async () => {
  const Key = 'aborted';
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }));
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  await expect(s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  });
});

const Key = 'owners/ada/snapshot';
const body = 'snapshot bytes';
const sha256 = createHash('sha256').update(body).digest('base64');
const bound = {
  'content-length': String(body.length),
  'content-type': 'application/zstd',
  'x-amz-checksum-sha256': sha256,
};

/** A presigned PUT whose length, type and checksum are signed. */
async function uploadUrl(options: { expiresIn?: number; key?: string; role?: string } = {}): Promise<string> {
  const command = new PutObjectCommand({
    Bucket,
    Key: options.key ?? Key,
    ContentLength: body.length,
    ContentType: bound['content-type'],
    ChecksumSHA256: sha256,
  });
  const names = new Set(Object.keys(bound));
  return getSignedUrl(
    client(options.role ?? 'ada', { requestChecksumCalculation: 'WHEN_REQUIRED' }),
    command,
    {
      expiresIn: options.expiresIn ?? 900,
      signableHeaders: new Set([...names, 'host']),
      unhoistableHeaders: names,
    },
  );
}

async function upload(url: string, content = body, headers: Record<string, string> = {}) {
  const reply = await fetch(url, {
    method: 'PUT',
    body: content,
    headers: { ...bound, 'content-length': String(content.length), ...headers },
  });
  return { status: reply.status, code: /<Code>(\w+)</.exec(await reply.text())?.[1] };
}

test('a presigned upload takes exactly the bytes that were signed for', async () => {
  const url = await uploadUrl();
  const other = 'snapshot bytez';
  await expect(upload(url, `${body}!`)).resolves.toEqual({ status: 403, code: 'SignatureDoesNotMatch' });
  await expect(upload(url, body, { 'content-type': 'text/html' })).resolves.toEqual({
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
  const otherSum = createHash('sha256').update(other).digest('base64');
  await expect(upload(url, other, { 'x-amz-checksum-sha256': otherSum })).resolves.toEqual({
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
  await expect(upload(url, other)).resolves.toEqual({ status: 400, code: 'BadDigest' });
  await expect(upload(url.replace('owners/ada', 'owners/bob'))).resolves.toEqual({
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
  await expect(
    upload(url.replace(/Signature=(.)/, (_, first) => `Signature=${first === '0' ? '1' : '0'}`)),
  ).resolves.toEqual({
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
  expect(await stored(Key)).toBeUndefined();
  await expect(upload(url)).resolves.toEqual({ status: 200, code: undefined });
  expect(await stored(Key)).toBe(body);
});

test("a checksum in a presigned URL's query is compared too", async () => {
  const command = new PutObjectCommand({ Bucket, Key: 'owners/ada/q', ChecksumSHA256: sha256 });
  const url = await getSignedUrl(client('ada'), command);
  expect(url).toContain('x-amz-checksum-sha256=');
  const send = async (content: string) => (await fetch(url, { method: 'PUT', body: content })).status;
  await expect(send('other')).resolves.toBe(400);
  await expect(send(body)).resolves.toBe(200);
});

test('a presigned URL does no more than its signer may, and ends', async () => {
  await expect(upload(await uploadUrl({ key: 'owners/bob/snapshot' }))).resolves.toEqual({
    status: 403,
    code: 'AccessDenied',
  });
  const url = await uploadUrl({ expiresIn: 60 });
  cloud.pass(61);
  await expect(upload(url)).resolves.toEqual({ status: 403, code: 'AccessDenied' });
  cloud.pass(-61);
});

test('a presigned download gives the object, under the name that was signed', async () => {
  await put(Key, body);
  const command = new GetObjectCommand({
    Bucket,
    Key,
    ResponseContentDisposition: 'attachment; filename="a.zst"',
  });
  const reply = await fetch(await getSignedUrl(client('ada'), command));
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename="a.zst"');
  await expect(reply.text()).resolves.toBe(body);
});

test('who may not list is not told what exists, and sees only what the prefix condition allows', async () => {
  const ada = client('ada');
  await expect(ada.send(new GetObjectCommand({ Bucket, Key: 'owners/ada/none' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await expect(ada.send(new GetObjectCommand({ Bucket, Key: 'owners/bob/x' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await expect(ada.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await expect(ada.send(new ListObjectsV2Command({ Bucket, Prefix: 'owners/' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await expect(ada.send(new ListObjectsV2Command({ Bucket, Prefix: 'owners/ada/' }))).resolves.toBeDefined();
  await put('owners/bob/x', 'x');
  const result = await ada.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'owners/bob/x' }] } }),
  );
  expect(result.Errors).toMatchObject([{ Key: 'owners/bob/x', Code: 'AccessDenied' }]);
  expect(await stored('owners/bob/x')).toBe('x');
  await expect(
    ada.send(
      new CopyObjectCommand({ Bucket, Key: 'owners/ada/stolen', CopySource: `${Bucket}/owners/bob/x` }),
    ),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a bucket policy denies what a role allows, and TLS is taken as given', async () => {
  const guarded = { Bucket: 'guarded-bucket', Key: 'k' };
  await s3.send(new PutObjectCommand({ ...guarded, Body: 'x' }));
  await expect(s3.send(new DeleteObjectCommand(guarded))).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('nothing is public, and an unknown operation is refused by its name', async () => {
  const open = await fetch(`${cloud.endpoint}/${Bucket}/once`);
  expect(open.status).toBe(403);
  await expect(open.text()).resolves.toContain('<Code>AccessDenied</Code>');
  await expect(s3.send(new GetObjectAclCommand({ Bucket, Key: 'once' }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('acl'),
  });
  await expect(s3.send(new ListBucketsCommand())).rejects.toMatchObject({ name: 'NotImplemented' });
  await expect(
    s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'tagged', Tagging: 'a=b' })),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'no-such-bucket' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});

test('a bucket that holds something is not deleted', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'still here', Body: 'x' }));
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
  });
  await s3.send(new HeadBucketCommand({ Bucket }));
});

describe('Tags of an object', () => {
  const tagsOf = async (key: string, from = s3) =>
    Object.fromEntries(
      ((await from.send(new GetObjectTaggingCommand({ Bucket, Key: key }))).TagSet ?? []).map((tag) => [
        tag.Key,
        tag.Value,
      ]),
    );
  const setOf = (...pairs: [string, string][]) => ({
    TagSet: pairs.map(([k, Value]) => ({ Key: k, Value })),
  });

  test('are given with it, replaced and taken away, and its bytes stay', async () => {
    await s3.send(
      new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x', Tagging: 'state=unsent&by=a%20b' }),
    );
    expect(await tagsOf('tagged')).toEqual({ state: 'unsent', by: 'a b' });
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: setOf(['c', 'd']) }));
    expect(await tagsOf('tagged')).toEqual({ c: 'd' });
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect(await tagsOf('tagged')).toEqual({});
    expect(await stored('tagged')).toBe('x');
  });

  test('of a copy are those of its source', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x', Tagging: 'a=b' }));
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/tagged` }));
    expect(await tagsOf('copied')).toEqual({ a: 'b' });
  });

  test('keep to the rules', async () => {
    const tooMany = Array.from({ length: 11 }, (_, index) => `k${index}=v`).join('&');
    for (const [Tagging, name] of [
      [tooMany, 'BadRequest'],
      ['a=1&a=2', 'InvalidTag'],
      ['=1', 'InvalidTag'],
      ['a=%3Cb', 'InvalidTag'],
    ] as const) {
      const refused = s3.send(new PutObjectCommand({ Bucket, Key: 'never', Body: 'x', Tagging }));
      await expect(refused, Tagging).rejects.toMatchObject({ name });
    }
    expect(await stored('never')).toBeUndefined();
    await expect(tagsOf('never')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('need permissions of their own', async () => {
    const ada = client('ada');
    const mine = { Bucket, Key: 'owners/ada/tagged' };
    await expect(
      ada.send(new PutObjectCommand({ ...mine, Body: 'x', Tagging: 'a=b' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await s3.send(new PutObjectCommand({ ...mine, Body: 'x', Tagging: 'a=b' }));
    for (const call of [
      new GetObjectTaggingCommand(mine),
      new DeleteObjectTaggingCommand(mine),
      new PutObjectTaggingCommand({ ...mine, Tagging: setOf() }),
    ]) {
      await expect(ada.send(call as GetObjectTaggingCommand)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    expect(await tagsOf(mine.Key)).toEqual({ a: 'b' });
  });

  test('can be what a policy looks at', async () => {
    const sorter = client('sorter');
    await expect(
      sorter.send(new PutObjectCommand({ Bucket, Key: 'sorted', Body: 'x', Tagging: 'state=sent' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await sorter.send(new PutObjectCommand({ Bucket, Key: 'sorted', Body: 'x', Tagging: 'state=unsent' }));
    await sorter.send(new GetObjectCommand({ Bucket, Key: 'sorted' }));
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'sorted' }));
    await expect(sorter.send(new GetObjectCommand({ Bucket, Key: 'sorted' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

test("pages of the bucket's own origins may call, others not", async () => {
  const ask = (origin: string, method: string) =>
    fetch(`${cloud.endpoint}/${Bucket}/${Key}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type',
      },
    });
  const welcome = await ask('http://localhost:5173', 'PUT');
  expect(welcome.status).toBe(200);
  expect(Object.fromEntries(welcome.headers)).toMatchObject({
    'access-control-allow-origin': 'http://localhost:5173',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '300',
  });
  expect((await ask('http://localhost:5173', 'DELETE')).status).toBe(403);
  expect((await ask('https://evil.example', 'PUT')).status).toBe(403);
  const url = await getSignedUrl(client('ada'), new GetObjectCommand({ Bucket, Key }));
  const page = await fetch(url, { headers: { origin: 'http://localhost:5173' } });
  expect(page.headers.get('access-control-expose-headers')).toBe('ETag');
  const refused = await fetch(`${url}0`, { headers: { origin: 'http://localhost:5173' } });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
});

test('objects outlive a restart; what the lifecycle rules end does not', async () => {
  await put('kept', 'k');
  await put('tmp/gone', 'g');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'unsent', Body: 'u', Tagging: 'state=unsent' }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'unfinished' }));
  await cloud.close();
  await start(cloud);
  s3 = client();
  expect(await stored('tmp/gone')).toBe('g');
  await s3.send(new ListPartsCommand({ Bucket, Key: 'unfinished', UploadId }));
  await cloud.close();
  const dayAfterTomorrow = () => new Date(Date.now() + 2 * 86_400_000);
  const service = await createS3({
    ...cloud.context,
    now: dayAfterTomorrow,
    dataDirectory: `${cloud.dataDirectory}/0`,
  });
  await service.close();
  await start(cloud);
  s3 = client();
  expect(await stored('kept')).toBe('k');
  expect(await stored('tmp/gone')).toBeUndefined();
  expect(await stored('unsent')).toBeUndefined();
  await expect(s3.send(new ListPartsCommand({ Bucket, Key: 'unfinished', UploadId }))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  });
});
