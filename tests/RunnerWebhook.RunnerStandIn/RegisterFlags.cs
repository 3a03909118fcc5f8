using System.Collections.Immutable;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>The flags of <c>register</c>, written down independently of the product's own table.</summary>
internal static class RegisterFlags
{
    private const string Booleans = """
        non-interactive REGISTER_NON_INTERACTIVE; leave-runner REGISTER_LEAVE_RUNNER; run-untagged REGISTER_RUN_UNTAGGED;
        locked REGISTER_LOCKED; paused REGISTER_PAUSED; strict-check-interval RUNNER_STRICT_CHECK_INTERVAL;
        docker-tlsverify DOCKER_TLS_VERIFY; docker-privileged DOCKER_PRIVILEGED;
        docker-services_privileged DOCKER_SERVICES_PRIVILEGED; docker-disable-cache DOCKER_DISABLE_CACHE;
        docker-disable-entrypoint-overwrite DOCKER_DISABLE_ENTRYPOINT_OVERWRITE; docker-enable-ipv6;
        docker-oom-kill-disable DOCKER_OOM_KILL_DISABLE; cache-shared CACHE_SHARED; cache-s3-insecure CACHE_S3_INSECURE;
        debug-trace-disabled RUNNER_DEBUG_TRACE_DISABLED; safe-directory-checkout RUNNER_SAFE_DIRECTORY_CHECKOUT;
        clean-git-config RUNNER_CLEAN_GIT_CONFIG; custom_build_dir-enabled CUSTOM_BUILD_DIR_ENABLED;
        cache-redact-url CACHE_REDACT_URL;
        cache-s3-dual-stack CACHE_S3_DUAL_STACK; cache-s3-path-style CACHE_S3_PATH_STYLE;
        cache-s3-accelerate CACHE_S3_ACCELERATE;
        cache-s3-disable-assume-role-credentials-caching CACHE_S3_DISABLE_ASSUME_ROLE_CREDENTIALS_CACHING
        """;

    private const string Numbers = """
        maximum-timeout REGISTER_MAXIMUM_TIMEOUT; limit RUNNER_LIMIT; request-concurrency RUNNER_REQUEST_CONCURRENCY;
        output-limit RUNNER_OUTPUT_LIMIT; unhealthy-requests-limit RUNNER_UNHEALTHY_REQUESTS_LIMIT;
        docker-services-limit; docker-shm-size DOCKER_SHM_SIZE; docker-network-mtu; docker-cpu-shares DOCKER_CPU_SHARES;
        docker-wait-for-services-timeout DOCKER_WAIT_FOR_SERVICES_TIMEOUT; docker-oom-score-adjust;
        job-status-final-update-retry-limit RUNNER_job_status_final_update_retry_limit;
        docker-service-cpu-shares DOCKER_SERVICE_CPU_SHARES;
        cache-max_uploaded_archive_size CACHE_MAXIMUM_UPLOADED_ARCHIVE_SIZE;
        cache-s3-assume-role-max-concurrency CACHE_S3_ASSUME_ROLE_MAX_CONCURRENCY
        """;

    private const string Lists = """
        env RUNNER_ENV; docker-volumes DOCKER_VOLUMES; docker-pull-policy DOCKER_PULL_POLICY;
        docker-allowed-pull-policies DOCKER_ALLOWED_PULL_POLICIES; docker-allowed-images DOCKER_ALLOWED_IMAGES;
        docker-allowed-services DOCKER_ALLOWED_SERVICES; docker-allowed-privileged-images DOCKER_ALLOWED_PRIVILEGED_IMAGES;
        docker-allowed-privileged-services DOCKER_ALLOWED_PRIVILEGED_SERVICES; docker-allowed-users;
        docker-services-security-opt; docker-services_devices; docker-dns DOCKER_DNS; docker-dns-search DOCKER_DNS_SEARCH;
        docker-extra-hosts DOCKER_EXTRA_HOSTS; docker-devices DOCKER_DEVICES; docker-cap-add DOCKER_CAP_ADD;
        docker-cap-drop DOCKER_CAP_DROP; docker-security-opt DOCKER_SECURITY_OPT; docker-links DOCKER_LINKS;
        docker-volumes-from DOCKER_VOLUMES_FROM; docker-group-add; docker-device-cgroup-rules
        """;

    private const string Texts = """
        template-config TEMPLATE_CONFIG_FILE; url CI_SERVER_URL; registration-token REGISTRATION_TOKEN; token CI_SERVER_TOKEN;
        description RUNNER_NAME; name RUNNER_NAME; tag-list RUNNER_TAG_LIST; access-level REGISTER_ACCESS_LEVEL;
        maintenance-note REGISTER_MAINTENANCE_NOTE; executor RUNNER_EXECUTOR; unhealthy-interval; builds-dir RUNNER_BUILDS_DIR;
        cache-dir RUNNER_CACHE_DIR; clone-url CLONE_URL; pre-get-sources-script RUNNER_PRE_GET_SOURCES_SCRIPT;
        post-get-sources-script RUNNER_POST_GET_SOURCES_SCRIPT; pre-clone-script RUNNER_PRE_CLONE_SCRIPT;
        pre-build-script RUNNER_PRE_BUILD_SCRIPT; post-build-script RUNNER_POST_BUILD_SCRIPT; shell RUNNER_SHELL;
        feature-flags FEATURE_FLAGS; tls-ca-file CI_SERVER_TLS_CA_FILE;
        tls-cert-file CI_SERVER_TLS_CERT_FILE; tls-key-file CI_SERVER_TLS_KEY_FILE; docker-host DOCKER_HOST;
        docker-cert-path DOCKER_CERT_PATH; docker-image DOCKER_IMAGE; docker-runtime DOCKER_RUNTIME; docker-user DOCKER_USER;
        docker-hostname DOCKER_HOSTNAME; docker-network-mode DOCKER_NETWORK_MODE; docker-memory DOCKER_MEMORY;
        docker-memory-swap DOCKER_MEMORY_SWAP; docker-memory-reservation DOCKER_MEMORY_RESERVATION; docker-cpus DOCKER_CPUS;
        docker-cpuset-cpus DOCKER_CPUSET_CPUS; docker-cpuset-mems; docker-gpus DOCKER_GPUS; docker-userns DOCKER_USERNS_MODE;
        docker-ulimit; docker-container-labels; docker-helper-image DOCKER_HELPER_IMAGE; docker-isolation;
        docker-helper-image-flavor DOCKER_HELPER_IMAGE_FLAVOR; docker-cache-dir DOCKER_CACHE_DIR; docker-mac-address;
        docker-volume-driver DOCKER_VOLUME_DRIVER; docker-volume-driver-ops; docker-tmpfs; docker-services-tmpfs; docker-sysctls;
        docker-cgroup-parent DOCKER_CGROUP_PARENT; docker-service-cgroup-parent; docker-service-memory; docker-service-cpus;
        cache-type CACHE_TYPE; cache-path CACHE_PATH; cache-s3-server-address CACHE_S3_SERVER_ADDRESS;
        cache-s3-access-key CACHE_S3_ACCESS_KEY; cache-s3-secret-key CACHE_S3_SECRET_KEY;
        cache-s3-bucket-name CACHE_S3_BUCKET_NAME; cache-s3-bucket-location CACHE_S3_BUCKET_LOCATION;
        cache-s3-authentication_type; cache-gcs-access-id CACHE_GCS_ACCESS_ID; cache-gcs-private-key CACHE_GCS_PRIVATE_KEY;
        cache-gcs-credentials-file GOOGLE_APPLICATION_CREDENTIALS; cache-gcs-bucket-name CACHE_GCS_BUCKET_NAME;
        cache-azure-account-name CACHE_AZURE_ACCOUNT_NAME; cache-azure-account-key CACHE_AZURE_ACCOUNT_KEY;
        cache-azure-container-name CACHE_AZURE_CONTAINER_NAME; cache-azure-storage-domain CACHE_AZURE_STORAGE_DOMAIN;
        docker-service-memory-swap DOCKER_SERVICE_MEMORY_SWAP;
        docker-service-memory-reservation DOCKER_SERVICE_MEMORY_RESERVATION;
        docker-service-cpuset-cpus DOCKER_SERVICE_CPUSET_CPUS; docker-service_gpus DOCKER_SERVICE_GPUS;
        docker-log-options DOCKER_LOG_OPTIONS; docker-ipcmode DOCKER_IPC_MODE; cache-s3-session-token CACHE_S3_SESSION_TOKEN;
        cache-s3-server-side-encryption CACHE_S3_SERVER_SIDE_ENCRYPTION;
        cache-s3-server-side-encryption-key-id CACHE_S3_SERVER_SIDE_ENCRYPTION_KEY_ID; cache-s3-role-arn CACHE_S3_ROLE_ARN;
        cache-s3-upload-role-arn CACHE_S3_UPLOAD_ROLE_ARN; cache-gcs-universe-domain CACHE_GCS_UNIVERSE_DOMAIN
        """;

    /// <summary>All of them.</summary>
    public static ImmutableArray<Flag> All { get; } =
    [
        .. Read(Booleans, FlagKind.Boolean), .. Read(Numbers, FlagKind.Number), .. Read(Lists, FlagKind.List),
        .. Read(Texts, FlagKind.Text),
    ];

    private static IEnumerable<Flag> Read(string table, FlagKind kind) => table
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(row => new Flag(row[0], row.Length > 1 ? row[1] : "", kind));
}
