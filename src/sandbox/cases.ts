/** The fixed cases that run through the sandbox's model: two dozen transfers, each unlike the others. */
import type { Transfer } from './model.ts';

type Row = [
  amount: number,
  accountAgeDays: number,
  newPayee: boolean,
  abroad: boolean,
  failedLogins: number,
  hour: number,
];

const ROWS: Row[] = [
  [38.5, 2210, false, false, 0, 12], // groceries
  [12, 45, false, false, 0, 9],
  [890, 1460, false, false, 0, 1], // rent, by standing order at night
  [890, 1460, true, false, 0, 18], // the same rent, to a new landlord
  [4200, 760, false, false, 0, 3],
  [4200, 760, true, false, 0, 11],
  [15000, 3100, true, false, 0, 15], // a car
  [15000, 3100, true, true, 0, 15],
  [250, 12, true, false, 0, 20], // a young account
  [250, 12, true, true, 1, 20],
  [60, 8, true, false, 0, 22],
  [1999, 380, true, false, 0, 13],
  [1999, 380, false, true, 0, 2],
  [320, 900, false, true, 1, 7],
  [75, 610, false, false, 2, 8],
  [75, 610, true, false, 2, 23],
  [50000, 3650, false, false, 0, 10], // payroll of a small firm
  [50000, 200, true, true, 0, 4],
  [9800, 95, true, false, 3, 5], // just below a reporting limit
  [9800, 2400, false, false, 0, 16],
  [640, 150, false, false, 0, 2],
  [640, 150, true, false, 0, 14],
  [5, 1, true, false, 0, 19], // a first test transfer
  [27500, 1200, false, true, 0, 9],
];

export const CASES: readonly Transfer[] = ROWS.map(
  ([amount, accountAgeDays, newPayee, abroad, failedLogins, hour]) => ({
    amount,
    accountAgeDays,
    newPayee,
    abroad,
    failedLogins,
    hour,
  }),
);

/** In a few words, for people. */
export function describeTransfer(transfer: Transfer): string {
  const { accountAgeDays, failedLogins, hour } = transfer;
  const marks = [
    `${transfer.amount.toLocaleString('en-GB')} EUR`,
    ...(transfer.newPayee ? ['new payee'] : []),
    ...(transfer.abroad ? ['abroad'] : []),
    `${accountAgeDays}-day account`,
    ...(failedLogins > 0 ? [`failed logins: ${failedLogins}`] : []),
    `${String(hour).padStart(2, '0')}:00`,
  ];
  return marks.join(', ');
}
