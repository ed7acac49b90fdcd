import { expect, test } from 'vitest';
import { readImageSize } from '../src/tokens/image-size.ts';
import { anthropicPixels, geminiTiles, openAiTiles } from '../src/tokens/image-tokens.ts';

const image = (bytes: Buffer | number[], mediaType = 'image/png') => ({
  mediaType,
  data: Buffer.from(bytes as number[]).toString('base64'),
});

const png = (width: number, height: number) => {
  const bytes = Buffer.alloc(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return image(bytes);
};

const gif = (width: number, height: number) => {
  const bytes = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return image(bytes);
};

/** A photograph: APP0, a long EXIF block, tables, then the frame. */
const jpeg = (width: number, height: number, metadata = 20_000, frame = 0xc2) => {
  const segment = (marker: number, content: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  };
  const size = Buffer.alloc(15, 8);
  size.writeUInt16BE(height, 1);
  size.writeUInt16BE(width, 3);
  return image(
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      segment(0xe0, Buffer.from('JFIF\0')),
      segment(0xe1, Buffer.alloc(metadata, 0xc0)),
      segment(0xc4, Buffer.alloc(30)),
      Buffer.from([0xff]),
      segment(frame, size),
    ]),
  );
};

const riff = (kind: string, write: (bytes: Buffer) => void) => {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write(`WEBP${kind}`, 8, 'latin1');
  write(bytes);
  return image(bytes);
};
const webps = (width: number, height: number) => [
  riff('VP8X', (bytes) => {
    bytes.writeUIntLE(width - 1, 24, 3);
    bytes.writeUIntLE(height - 1, 27, 3);
  }),
  riff('VP8 ', (bytes) => {
    bytes.writeUInt16LE(width | 0x4000, 26);
    bytes.writeUInt16LE(height, 28);
  }),
  riff('VP8L', (bytes) => {
    bytes[20] = 0x2f;
    bytes.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21);
  }),
];

test('F064 the size of an image is read from its header', () => {
  const size = { width: 1_920, height: 1_080 };
  for (const one of [
    png(1_920, 1_080),
    gif(1_920, 1_080),
    jpeg(1_920, 1_080),
    jpeg(1_920, 1_080, 9, 0xc0),
    ...webps(1_920, 1_080),
  ])
    expect(readImageSize(one)).toEqual(size);
});

test('F064 what is no image, or cut off, or elsewhere, has no size', () => {
  const bad = [
    { mediaType: 'image/png', data: '' },
    { mediaType: 'image/png', data: 'https://images.example/cat.png' },
    { mediaType: 'image/png', data: 'not base64 at all !!' },
    image([0xff, 0xd8]),
    image([0xff, 0xd8, 0xff, 0xe0, 0, 0]),
    image([0xff, 0xd8, ...Array(500).fill(0xff)]),
    image([0xff, 0xd8, ...Array(500).fill(0)]),
    png(0, 0),
    image([0x89, 0x50, 0x4e, 0x47]),
    image(Buffer.from('RIFF....WEBP')),
    riff('VP8?', () => {}),
  ];
  for (const one of bad) expect(readImageSize(one)).toBeNull();
});

test('F064 tokens of an image are those of the vendors’ examples, or more', () => {
  // OpenAI, "Images and vision": 1024 x 1024 is 765, 2048 x 4096 is 1105, 512 x 512 is 255 by tiles.
  expect(openAiTiles(png(1_024, 1_024))).toBeGreaterThanOrEqual(765);
  expect(openAiTiles(png(2_048, 4_096))).toBeGreaterThanOrEqual(1_105);
  // GPT-4.1 mini, 1536 patches at 1.62.
  expect(openAiTiles(png(4_000, 1_474))).toBeGreaterThanOrEqual(2_488);
  // Anthropic, "Vision": 1000 x 1000 is about 1,334; the largest of newer models about 4,784.
  expect(anthropicPixels(png(1_000, 1_000))).toBe(1_334);
  expect(anthropicPixels(png(2_576, 1_393))).toBeGreaterThanOrEqual(4_784);
  expect(anthropicPixels(png(200, 200))).toBe(54);
  // Gemini: 960 x 540 is a crop unit of 360, 3 x 2 tiles.
  expect(geminiTiles(png(960, 540))).toBeGreaterThanOrEqual(6 * 258);
  expect(geminiTiles(png(384, 384))).toBeGreaterThanOrEqual(258);
});

test('F064 an image of unknown size costs at least as much as any of known size', () => {
  const unknown = { mediaType: 'image/jpeg', data: 'https://images.example/cat.jpg' };
  for (const count of [openAiTiles, anthropicPixels, geminiTiles])
    for (const [width, height] of [
      [1, 1],
      [640, 480],
      [1_568, 1_568],
      [2_576, 2_576],
      [10_000, 300],
      [300, 10_000],
    ])
      expect(count(unknown), count.name).toBeGreaterThanOrEqual(count(png(width!, height!)));
});
