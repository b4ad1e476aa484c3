// A part of the screen that may fail alone: something else stands in its place, and the rest stays.
import { Component, type ReactNode } from 'react';

export interface BoundaryProps {
  children: ReactNode;
  /** What stands in its place. */
  fallback(error: unknown): ReactNode;
  /** Gets each failure once: after a reset, not the same one again. */
  onError?(error: unknown): void;
  /** Another value: the children get another chance. */
  resetKey?: unknown;
}

interface State {
  failure: { error: unknown } | null;
  resetKey: unknown;
}

export class Boundary extends Component<BoundaryProps, State> {
  override state: State = { failure: null, resetKey: this.props.resetKey };
  #reported: string | null = null;

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ resetKey }: BoundaryProps, state: State): Partial<State> | null {
    return Object.is(resetKey, state.resetKey) ? null : { failure: null, resetKey };
  }

  override componentDidCatch(error: unknown): void {
    const words = String(error);
    if (words === this.#reported) return;
    this.#reported = words;
    this.props.onError?.(error);
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? this.props.fallback(failure.error) : this.props.children;
  }
}
