// What the screen asks the engine for.
import type { WindowRequest } from '../../protocol/messages.ts';
import { wantedChoice } from '../model/choice.ts';
import { bodyHeight, layoutOf } from '../model/layout-of.ts';
import { PLACES } from '../model/places/places.ts';
import type { UiState } from '../model/state.ts';
import { MAX_MARKS } from './marks.ts';
import { wantedTest } from './rule-form.ts';

const ALL = Object.values(PLACES);

/** What to ask the engine for: what is on the screen, and a page more in each direction, so that scrolling does not wait. */
export function windowFor(state: UiState): WindowRequest {
  const seen = layoutOf(state).panels ?? [];
  const filters = Object.fromEntries(Object.entries(state.filters).filter(([, text]) => text));
  const request: WindowRequest = {
    control: 'window',
    streamRows: 0,
    streamEnd: null,
    pendingRows: 0,
    pendingFirst: 0,
    perSecond: state.config.refresh,
    ...(Object.keys(filters).length ? { filters } : {}),
  };
  for (const { panel, wants } of ALL) {
    // The lists are kept ready; the rest is fetched only while it is in sight
    const always = panel === 'pending' || panel === 'stream';
    if (wants && (always || seen.some((place) => place.panel === panel))) {
      Object.assign(request, wants(state, bodyHeight(state, panel)));
    }
  }
  if (state.gathering) Object.assign(request, { pendingFirst: 0, pendingRows: MAX_MARKS });
  const [chosen, test] = [wantedChoice(state), wantedTest(state)];
  return { ...request, ...(chosen ? { chosen } : {}), ...(test ? { test } : {}) };
}
