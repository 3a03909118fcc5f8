using System.Collections.Immutable;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>The flags of <c>register</c> with their variables (- for none) and releases, written down independently of the
/// product's own table from the releases 13.0 to 19.3. A second release is the last one that has the flag.</summary>
internal static class RegisterFlags
{
    private const string Booleans = """
        non-interactive REGISTER_NON_INTERACTIVE; leave-runner REGISTER_LEAVE_RUNNER; run-untagged REGISTER_RUN_UNTAGGED;
        locked REGISTER_LOCKED; paused REGISTER_PAUSED; debug-trace-disabled RUNNER_DEBUG_TRACE_DISABLED;
        custom_build_dir-enabled CUSTOM_BUILD_DIR_ENABLED; cache-shared CACHE_SHARED; cache-s3-insecure CACHE_S3_INSECURE;
        docker-tlsverify DOCKER_TLS_VERIFY; docker-privileged DOCKER_PRIVILEGED;
        docker-disable-entrypoint-overwrite DOCKER_DISABLE_ENTRYPOINT_OVERWRITE;
        docker-oom-kill-disable DOCKER_OOM_KILL_DISABLE; docker-disable-cache DOCKER_DISABLE_CACHE;
        docker-enable-ipv6 - 15.5; docker-services_privileged DOCKER_SERVICES_PRIVILEGED 15.7;
        safe-directory-checkout RUNNER_SAFE_DIRECTORY_CHECKOUT 16.3; cache-s3-dual-stack CACHE_S3_DUAL_STACK 17.5;
        cache-s3-path-style CACHE_S3_PATH_STYLE 17.5; cache-s3-accelerate CACHE_S3_ACCELERATE 17.5;
        proxy-exec RUNNER_PROXY_EXEC 17.10; clean-git-config RUNNER_CLEAN_GIT_CONFIG 17.10;
        use-slot-cgroups RUNNER_USE_SLOT_CGROUPS 18.6; strict-check-interval RUNNER_STRICT_CHECK_INTERVAL 18.9;
        docker-volume-keep DOCKER_VOLUME_KEEP 18.10;
        cache-s3-disable-assume-role-credentials-caching CACHE_S3_DISABLE_ASSUME_ROLE_CREDENTIALS_CACHING 18.11
        """;

    private const string Numbers = """
        maximum-timeout REGISTER_MAXIMUM_TIMEOUT; limit RUNNER_LIMIT; output-limit RUNNER_OUTPUT_LIMIT;
        request-concurrency RUNNER_REQUEST_CONCURRENCY; docker-cpu-shares DOCKER_CPU_SHARES;
        docker-oom-score-adjust DOCKER_OOM_SCORE_ADJUST; docker-wait-for-services-timeout DOCKER_WAIT_FOR_SERVICES_TIMEOUT;
        docker-shm-size DOCKER_SHM_SIZE; cache-max_uploaded_archive_size CACHE_MAXIMUM_UPLOADED_ARCHIVE_SIZE 15.6;
        unhealthy-requests-limit RUNNER_UNHEALTHY_REQUESTS_LIMIT 15.7; docker-network-mtu - 16.5;
        docker-services-limit DOCKER_SERVICES_LIMIT 16.9; docker-service-cpu-shares DOCKER_SERVICE_CPU_SHARES 16.9;
        job-status-final-update-retry-limit RUNNER_job_status_final_update_retry_limit 17.9;
        cache-s3-assume-role-max-concurrency CACHE_S3_ASSUME_ROLE_MAX_CONCURRENCY 18.11
        """;

    private const string Durations = """
        unhealthy-interval - 15.7; prepare-timeout RUNNER_PREPARE_TIMEOUT 19.0;
        get-sources-timeout RUNNER_GET_SOURCES_TIMEOUT 19.1
        """;

    private const string Lists = """
        env RUNNER_ENV; docker-dns DOCKER_DNS; docker-dns-search DOCKER_DNS_SEARCH; docker-cap-add DOCKER_CAP_ADD;
        docker-cap-drop DOCKER_CAP_DROP; docker-security-opt DOCKER_SECURITY_OPT; docker-devices DOCKER_DEVICES;
        docker-volumes DOCKER_VOLUMES; docker-extra-hosts DOCKER_EXTRA_HOSTS; docker-volumes-from DOCKER_VOLUMES_FROM;
        docker-links DOCKER_LINKS; docker-allowed-images DOCKER_ALLOWED_IMAGES;
        docker-allowed-services DOCKER_ALLOWED_SERVICES; docker-device-cgroup-rules DOCKER_DEVICE_CGROUP_RULES 15.1;
        docker-allowed-pull-policies DOCKER_ALLOWED_PULL_POLICIES 15.1;
        docker-services-security-opt DOCKER_SERVICES_SECURITY_OPT 15.10;
        docker-allowed-privileged-images DOCKER_ALLOWED_PRIVILEGED_IMAGES 16.1;
        docker-allowed-privileged-services DOCKER_ALLOWED_PRIVILEGED_SERVICES 16.1; docker-group-add DOCKER_GROUP_ADD 16.6;
        docker-allowed_users DOCKER_ALLOWED_USERS 16.8
        """;

    private const string Policies = """
        docker-pull-policy DOCKER_PULL_POLICY
        """;

    private const string TextMaps = """
        docker-tmpfs DOCKER_TMPFS; docker-services-tmpfs DOCKER_SERVICES_TMPFS; docker-sysctls DOCKER_SYSCTLS;
        docker-container-labels - 14.10; docker-volume-driver-ops DOCKER_VOLUME_DRIVER_OPS 15.5;
        docker-ulimit DOCKER_ULIMIT 16.2; docker-log-options DOCKER_LOG_OPTIONS 18.9
        """;

    private const string BooleanMaps = """
        feature-flags FEATURE_FLAGS 13.11
        """;

    private const string ListMaps = """
        docker-services_devices DOCKER_SERVICES_DEVICES 17.10
        """;

    private const string Structures = """
        runner-monitoring - 16.10
        """;

    private const string Texts = """
        docker-host DOCKER_HOST; docker-cert-path DOCKER_CERT_PATH;
        template-config TEMPLATE_CONFIG_FILE; tag-list RUNNER_TAG_LIST; registration-token REGISTRATION_TOKEN;
        access-level REGISTER_ACCESS_LEVEL; description RUNNER_NAME; url CI_SERVER_URL; token CI_SERVER_TOKEN;
        tls-ca-file CI_SERVER_TLS_CA_FILE; tls-cert-file CI_SERVER_TLS_CERT_FILE; tls-key-file CI_SERVER_TLS_KEY_FILE;
        executor RUNNER_EXECUTOR; builds-dir RUNNER_BUILDS_DIR; cache-dir RUNNER_CACHE_DIR; clone-url CLONE_URL;
        pre-clone-script RUNNER_PRE_CLONE_SCRIPT 13.0 16.11; pre-build-script RUNNER_PRE_BUILD_SCRIPT;
        post-build-script RUNNER_POST_BUILD_SCRIPT; shell RUNNER_SHELL; cache-type CACHE_TYPE; cache-path CACHE_PATH;
        cache-s3-server-address CACHE_S3_SERVER_ADDRESS; cache-s3-access-key CACHE_S3_ACCESS_KEY;
        cache-s3-secret-key CACHE_S3_SECRET_KEY; cache-s3-bucket-name CACHE_S3_BUCKET_NAME;
        cache-s3-bucket-location CACHE_S3_BUCKET_LOCATION; cache-gcs-access-id CACHE_GCS_ACCESS_ID;
        cache-gcs-private-key CACHE_GCS_PRIVATE_KEY; cache-gcs-credentials-file GOOGLE_APPLICATION_CREDENTIALS;
        cache-gcs-bucket-name CACHE_GCS_BUCKET_NAME; docker-hostname DOCKER_HOSTNAME; docker-image DOCKER_IMAGE;
        docker-runtime DOCKER_RUNTIME; docker-memory DOCKER_MEMORY; docker-memory-swap DOCKER_MEMORY_SWAP;
        docker-memory-reservation DOCKER_MEMORY_RESERVATION; docker-cpuset-cpus DOCKER_CPUSET_CPUS; docker-cpus DOCKER_CPUS;
        docker-userns DOCKER_USERNS_MODE; docker-volume-driver DOCKER_VOLUME_DRIVER; docker-cache-dir DOCKER_CACHE_DIR;
        docker-network-mode DOCKER_NETWORK_MODE; docker-helper-image DOCKER_HELPER_IMAGE;
        cache-azure-account-name CACHE_AZURE_ACCOUNT_NAME 13.4; cache-azure-account-key CACHE_AZURE_ACCOUNT_KEY 13.4;
        cache-azure-container-name CACHE_AZURE_CONTAINER_NAME 13.4;
        cache-azure-storage-domain CACHE_AZURE_STORAGE_DOMAIN 13.4; docker-gpus DOCKER_GPUS 13.9;
        docker-helper-image-flavor DOCKER_HELPER_IMAGE_FLAVOR 14.0;
        cache-s3-authentication_type CACHE_S3_AUTHENTICATION_TYPE 14.4; maintenance-note REGISTER_MAINTENANCE_NOTE 14.8;
        post-clone-script RUNNER_POST_CLONE_SCRIPT 14.9 16.11;
        cache-s3-server-side-encryption CACHE_S3_SERVER_SIDE_ENCRYPTION 15.3;
        cache-s3-server-side-encryption-key-id CACHE_S3_SERVER_SIDE_ENCRYPTION_KEY_ID 15.3; docker-user DOCKER_USER 15.5;
        docker-ipcmode DOCKER_IPC_MODE 15.7; docker-mac-address DOCKER_MAC_ADDRESS 15.8;
        docker-isolation DOCKER_ISOLATION 15.8; pre-get-sources-script RUNNER_PRE_GET_SOURCES_SCRIPT 15.9;
        post-get-sources-script RUNNER_POST_GET_SOURCES_SCRIPT 15.9; cache-s3-session-token CACHE_S3_SESSION_TOKEN 16.8;
        docker-service-memory DOCKER_SERVICE_MEMORY 16.9; docker-service-memory-swap DOCKER_SERVICE_MEMORY_SWAP 16.9;
        docker-service-memory-reservation DOCKER_SERVICE_MEMORY_RESERVATION 16.9;
        docker-service-cpuset-cpus DOCKER_SERVICE_CPUSET_CPUS 16.9; docker-service-cpus DOCKER_SERVICE_CPUS 16.9;
        docker-cgroup-parent DOCKER_CGROUP_PARENT 16.10; docker-service-cgroup-parent DOCKER_SERVICE_CGROUP_PARENT 16.10;
        docker-cpuset-mems DOCKER_CPUSET_MEMS 17.0; cache-s3-upload-role-arn CACHE_S3_UPLOAD_ROLE_ARN 17.5;
        cache-s3-role-arn CACHE_S3_ROLE_ARN 17.8; step-runner-image STEP_RUNNER_IMAGE 17.9;
        docker-service_gpus DOCKER_SERVICE_GPUS 17.10; slot-cgroup-template RUNNER_SLOT_CGROUP_TEMPLATE 18.6;
        docker-service-slot-cgroup-template DOCKER_SERVICE_SLOT_CGROUP_TEMPLATE 18.6;
        cache-gcs-universe-domain CACHE_GCS_UNIVERSE_DOMAIN 18.9; docker-pid-mode DOCKER_PID_MODE 19.1; name RUNNER_NAME
        """;

    /// <summary>All of them, for the version that this is to be taken for.</summary>
    public static ImmutableArray<Flag> All { get; } =
    [
        .. Read(Booleans, FlagKind.Boolean), .. Read(Numbers, FlagKind.Number), .. Read(Durations, FlagKind.Duration),
        .. Read(Lists, FlagKind.List), .. Read(Policies, RunnerVersion.IsAtLeast(13, 8) ? FlagKind.Policies : FlagKind.Text),
        .. Read(TextMaps, FlagKind.TextMap), .. Read(BooleanMaps, FlagKind.BooleanMap), .. Read(ListMaps, FlagKind.ListMap),
        .. Read(Structures, FlagKind.Structure), .. Read(Texts, FlagKind.Text),
    ];

    private static IEnumerable<Flag> Read(string table, FlagKind kind) => table
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(row => row.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        .Where(row => row.Length < 3 || RunnerVersion.IsAtLeast(row[2]))
        .Where(row => row.Length < 4 || !RunnerVersion.IsAtLeast(row[3] + ".99"))
        .Select(row => new Flag(row[0], row[1] == "-" ? "" : row[1], kind));
}
