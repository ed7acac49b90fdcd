/** Number words that both a time of day and a span are told with. */
export const englishOneToTen = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

/** From two on: the German one depends on what is counted. `fuenf` is typed where there is no umlaut. */
export const germanTwoToTen = {
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  fuenf: 5,
  sechs: 6,
  sieben: 7,
  acht: 8,
  neun: 9,
  zehn: 10,
};
