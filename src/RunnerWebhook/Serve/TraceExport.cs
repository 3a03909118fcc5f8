using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>Sends traces by OTLP if OpenTelemetry's own variables name an endpoint; without one nothing is set up.
/// Spans wait in a bounded queue, and a separate thread sends them: no request waits for them.</summary>
internal static class TraceExport
{
    private const string ExporterVariable = "OTEL_TRACES_EXPORTER";
    private const string DisabledVariable = "OTEL_SDK_DISABLED";

    private static readonly string[] EndpointVariables =
        ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    // Only the exporter's own HttpClient honours these variables.
    private static readonly string[] CertificateVariables =
        ["OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"];

    /// <summary>Describes this program to the receivers of its traces and metrics; <c>OTEL_SERVICE_NAME</c> and
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c> override it.</summary>
    public static void Describe(ResourceBuilder resource) => resource.Clear()
        .AddService(WellKnown.Program, null, ProgramVersion.Text).AddTelemetrySdk().AddEnvironmentVariableDetector();

    /// <summary>Sets it up.</summary>
    /// <param name="services">What the server is put together of.</param>
    /// <param name="environment">The variables.</param>
    public static void Add(IServiceCollection services, IConfiguration environment)
    {
        var variable = Array.Find(EndpointVariables, name => environment[name] is { Length: > 0 });
        if (variable is null || environment[ExporterVariable] == "none"
            || string.Equals(environment[DisabledVariable], "true", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        // Without user information, which may contain a password.
        var endpoint = Uri.TryCreate(environment[variable], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : null;
        var problem = endpoint is null ? $"{variable} is not an http or https URL" : WhyNoExporter();
        services.AddSingleton(provider =>
            new TraceDelivery(endpoint, problem, provider.GetRequiredService<ILogger<TraceDelivery>>()));
        services.AddHostedService(provider => provider.GetRequiredService<TraceDelivery>());
        if (problem is not null)
        {
            return;
        }

        if (!Array.Exists(CertificateVariables, name => environment[name] is { Length: > 0 }))
        {
            services.AddOptions<OtlpExporterOptions>().Configure<TraceDelivery>((exporter, delivery) =>
                exporter.HttpClientFactory = () => delivery.NewClient(exporter.TimeoutMilliseconds));
        }

        services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource(ReviewSpan.SourceName)
            .ConfigureResource(Describe)
            .AddOtlpExporter());
    }

    // The exporter is made as the server starts, and its complaint about a variable would end the start.
    private static string? WhyNoExporter()
    {
        try
        {
            using var trial = Sdk.CreateTracerProviderBuilder().AddOtlpExporter().Build();
            return null;
        }
#pragma warning disable CA1031 // Reviews have to be answered without traces, too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ForeignText.Sentence($"OpenTelemetry's variables (OTEL_…) can't be used: {e.Message}");
        }
    }
}
