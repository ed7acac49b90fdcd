import type { ImageInput } from '@reeve/core';
import { type ImageSize, readImageSize } from './image-size.ts';

/** An image whose size cannot be read counts as the largest that the vendor takes without making it smaller. */
const sizeOf = (image: ImageInput, largest: ImageSize): ImageSize => readImageSize(image) ?? largest;

/**
 * OpenAI's tiles ("Images and vision", detail high, GPT-4o and later): fitted into 2048 x 2048, then to a short side
 * of 768; 85 tokens and 170 for each tile of 512 x 512. Models that count patches of 32 x 32 (at most 1,536, times
 * 2.46 for GPT-4.1 nano) can exceed that: the larger of both counts.
 */
export function openAiTiles(image: ImageInput): number {
  const { width, height } = sizeOf(image, { width: 2048, height: 2048 });
  const fit = Math.min(1, 2048 / Math.max(width, height));
  const shrink = Math.min(1, 768 / (Math.min(width, height) * fit)) * fit;
  const tiles = Math.ceil((width * shrink) / 512) * Math.ceil((height * shrink) / 512);
  const patches = Math.min(1_536, Math.ceil(width / 32) * Math.ceil(height / 32));
  return Math.max(85 + 170 * tiles, Math.ceil(patches * 2.46));
}

/**
 * Anthropic ("Vision", calculate image costs): width x height / 750 pixels, after it was fitted into 1,568 pixels a
 * side and about 1.15 megapixels. Models since Claude Opus 4.7 take 2,576 pixels a side, so that limit counts here.
 */
export function anthropicPixels(image: ImageInput): number {
  const { width, height } = sizeOf(image, { width: 2576, height: 2576 });
  const fit = Math.min(1, 2576 / Math.max(width, height));
  return Math.ceil((width * fit * height * fit) / 750);
}

/**
 * Gemini ("Understand and count tokens"): fitted into 3,072 pixels a side; 258 tokens when both sides are at most 384
 * pixels, else 258 for each tile of a crop unit of short side / 1.5, kept between 256 and 768 pixels. Gemini 3 spends
 * a fixed 1,120 at its default resolution: the larger of both counts.
 */
export function geminiTiles(image: ImageInput): number {
  // Long and narrow makes the most tiles.
  const { width, height } = sizeOf(image, { width: 3072, height: 384 });
  const fit = Math.min(1, 3072 / Math.max(width, height));
  const unit = Math.min(768, Math.max(256, Math.floor((Math.min(width, height) * fit) / 1.5)));
  const tiles = Math.ceil((width * fit) / unit) * Math.ceil((height * fit) / unit);
  return Math.max(1_120, 258 * tiles);
}
