const STEPS = ['', 'k', 'M', 'G', 'T', 'P'];

/** A number in at most five characters: `0`, `999`, `1.2k`, `34.5M`, `678G`. */
export function shortNumber(value: number): string {
  let step = 0;
  let scaled = value;
  while (Math.abs(scaled) >= 999.5 && step < STEPS.length - 1) {
    scaled /= 1000;
    step += 1;
  }
  return step === 0 ? String(Math.round(scaled)) : `${scaled.toFixed(Math.abs(scaled) < 99.95 ? 1 : 0)}${STEPS[step]}`;
}

const UNITS: readonly (readonly [unit: string, nanoseconds: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
];

/** Nanoseconds in their largest unit: `850ns`, `1.2us`, `34.5ms`, `678s`. */
export function shortTime(nanoseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => nanoseconds >= each * 0.9995) ?? ['ns', 1];
  const value = nanoseconds / size;
  return `${unit === 'ns' || value >= 99.95 ? Math.round(value) : value.toFixed(1)}${unit}`;
}
