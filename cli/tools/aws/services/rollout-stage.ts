/** What ECS does in each stage of a rollout that moves traffic (developer guide, "Deployment lifecycle stages"). */
const stages: Readonly<Record<string, string>> = {
  RECONCILE_SERVICE: 'what runs is looked at',
  PRE_SCALE_UP: 'new tasks will start',
  SCALE_UP: 'new tasks start beside the old ones',
  POST_SCALE_UP: 'the new tasks are ready',
  TEST_TRAFFIC_SHIFT: 'test traffic moves to the new tasks',
  POST_TEST_TRAFFIC_SHIFT: 'test traffic has moved',
  PRODUCTION_TRAFFIC_SHIFT: 'traffic moves to the new tasks',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'all traffic has moved',
  BAKE_TIME: 'all traffic has moved, and the old tasks wait to go back to',
  CLEAN_UP: 'the old tasks end',
};

/** Pure: a stage as people read it; one that is not known here as ECS calls it. */
export function rolloutStageText(stage: string): string {
  return stages[stage] ?? stage;
}
