// How to change the kernel's command line on this machine.
import type { Reading } from '../../host/reading.ts';

/** The command that adds `words` to the kernel's command line permanently; it takes effect at the next boot. */
export function addToCommandLine(reading: Reading, words: string): string {
  if (reading.isThere('/usr/sbin/grubby') || reading.isThere('/sbin/grubby')) {
    return `sudo grubby --update-kernel=ALL --args="${words}" && sudo reboot`;
  }
  if (reading.isThere('/etc/kernel/cmdline') && !reading.isThere('/etc/default/grub')) {
    return `sudo sed -i 's/$/ ${words}/' /etc/kernel/cmdline && sudo kernel-install add-all && sudo reboot`;
  }
  const grub = reading.isThere('/usr/sbin/update-grub') ? 'update-grub' : 'grub-mkconfig -o /boot/grub/grub.cfg';
  return `sudo sed -i 's/^GRUB_CMDLINE_LINUX="/&${words} /' /etc/default/grub && sudo ${grub} && sudo reboot`;
}
