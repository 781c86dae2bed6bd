/** Resources whose replacement or deletion loses data, and what protects each of them besides `prevent_destroy`. */
export const statefulTypes: Readonly<Record<string, { readonly protection?: string }>> = {
  google_artifact_registry_repository: {},
  google_compute_disk: {},
  google_pubsub_subscription: {},
  google_pubsub_topic: {},
  google_redis_instance: {},
  google_sql_database_instance: { protection: 'deletion_protection' },
  google_storage_bucket: {},
};
