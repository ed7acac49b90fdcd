import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bench } from './fakes.ts';

const { run } = bench();
const calculate = async (expression: string) => {
  const output = await run('calculate', { expression });
  return output.isError === true ? `! ${output.text}` : output.json.result;
};

describe('calculate', () => {
  test.each([
    ['2+2', '4'],
    ['0.1+0.2', '0.3'],
    ['(17/100)*2340', '397.8'],
    ['17%*2340', '397.8'],
    ['12*7+3', '87'],
    ['2^100', '1267650600228229401496703205376'],
    ['-3^2', '-9'],
    ['5!', '120'],
    ['sqrt(16)+cbrt(27)', '7'],
    ['mean(1,2,3,6)', '3'],
    ['round(2.567, 1)', '2.6'],
    ['log(8, 2)', '3'],
    ['1/3', '0.333333333333333333333333333333'],
    ['10 mod 3', '1'],
    ['sin(0)', '0'],
    ['2 pi', '6.28318530717958647692528676656'],
    ['1e-30', '1e-30'],
  ])('%s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  test.each([
    ['1e9!', 'too large'],
    ['9^9^9^9', 'too large'],
    ['10^1e9', 'too large'],
    ['combinations(1e9, 5e8)', 'too large'],
    ['exp(1e9)', 'too large'],
    ['sin(1e300)', 'too large'],
    ['1e999999', 'too large'],
    ['1/0', 'no finite result'],
    ['sqrt(-1)', 'no real result'],
    ['import({})', 'import'],
    ['createUnit("x")', 'createUnit'],
    ['evaluate("1")', 'evaluate'],
    ['parse("1")', 'parse'],
    ['simplify("x+x")', 'simplify'],
    ['derivative("x^2","x")', 'derivative'],
    ['1:1e9', 'not an arithmetic expression'],
    ['x=1', 'not an arithmetic expression'],
    ['f(x)=x', 'not an arithmetic expression'],
    ['[1,2,3]', 'not an arithmetic expression'],
    ['"a"', 'Only numbers'],
    ['constructor', 'no value'],
    ['cos.constructor("return process")()', 'not something|not an arithmetic'],
    ['2+', 'not an arithmetic expression'],
    ['gcd(1.5, 2)', ''],
  ])('%s is refused: %s', async (expression, reason) => {
    expect(await calculate(expression)).toMatch(new RegExp(`^! .*(?:${reason})`));
  });

  test('any text gives a result or a reason', async () => {
    const piece = fc.constantFrom(
      '1',
      '9',
      '.',
      'e',
      '+',
      '-',
      '*',
      '/',
      '^',
      '!',
      '%',
      '(',
      ')',
      ',',
      'sqrt',
      'log',
      'mod',
      ' ',
      'pi',
      'gcd',
      'atan',
    );
    const texts = fc.oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.array(piece, { minLength: 1, maxLength: 20 }).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(
        texts.filter((text) => text.trim() !== ''),
        async (text) => {
          expect(typeof (await calculate(text))).toBe('string');
        },
      ),
    );
  });
});

describe('convert_units', () => {
  test.each([
    [5, 'miles', 'km', 8.04672],
    [5, 'mi', 'Kilometres', 8.04672],
    [100, '°F', 'celsius', 37.7777777778],
    [100, 'degC', 'degF', 212],
    [0, 'C', 'K', 273.15],
    [60, 'mph', 'km/h', 96.56064],
    [3, 'pounds', 'kg', 1.36077711],
    [2, 'ha', 'm²', 20000],
    [1, 'kcal', 'J', 4184],
    [10, 'knots', 'km/h', 18.52],
    [1, 'GiB', 'MiB', 1024],
    [90, 'min', 'hours', 1.5],
    [1, 'cup', 'ml', 236.5882365],
  ])('%s %s is %s', async (value, from, to, result) => {
    expect((await run('convert_units', { value, from, to })).json.result).toBeCloseTo(result, 6);
  });

  test.each([
    ['parsec/fortnights/x', 'km', 'no unit'],
    ['km', 'kg', 'same thing'],
    ['dollars', 'euros', 'no unit'],
  ])('%s to %s is refused', async (from, to, reason) => {
    const output = await run('convert_units', { value: 1, from, to });
    expect(output).toMatchObject({ isError: true, text: expect.stringContaining(reason) });
  });
});
