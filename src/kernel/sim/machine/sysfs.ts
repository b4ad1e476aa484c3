// Helpers that sysfs is built with.

/** How a link in directory `from` names `to`, as sysfs_create_link() writes it. */
export function relative(from: string, to: string): string {
  const a = from.split('/').filter(Boolean);
  const b = to.split('/').filter(Boolean);
  let common = 0;
  // kernfs_get_target_path() goes up until it is above the target: a link to what it is in names that too.
  while (common < a.length && common < b.length - 1 && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/');
}

export const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');
export const upperHex = (value: number, digits: number): string => hex(value, digits).toUpperCase();

/** The power directory that every device has. */
export const POWER: Readonly<Record<string, string>> = {
  control: 'on\n',
  runtime_active_time: '0\n',
  runtime_status: 'active\n',
  runtime_suspended_time: '0\n',
};
