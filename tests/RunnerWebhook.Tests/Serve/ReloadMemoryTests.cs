using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerWebhook.Certificates;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Files are read every second and change for years: nothing of it may add up.</summary>
public sealed class ReloadMemoryTests
{
    private const int Reloads = 20;
    private const int MaxBytesOfARead = 128 * 1024;

    [Fact]
    public void Configuration_ReadByAThread_TakesNoMemoryForALongerFile()
    {
        var (file, taken) = (SampleObjects.ConfigFile, 0L);
        // A pool keeps buffers for each thread: a new one shows what a read takes at most.
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(ConfigurationFile.ReadBytes(file));
            taken = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();

        Assert.InRange(taken, 1, MaxBytesOfARead);
    }

    [Fact]
    public async Task Reload_OfCertificateAndConfiguration_LeavesNothingOfTheOneBefore()
    {
        await using var app = WebhookServer.Build(new(), logging => logging.ClearProviders());
        var replaced = Reload(app.Services);

        for (var rounds = 0; rounds < 3; rounds++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(3 * Reloads, replaced.Count);
        Assert.DoesNotContain(replaced, each => each.IsAlive);
    }

    [Fact]
    public async Task Reload_OfCertificate_FreesAnOldOneWithoutACollectionByOthers()
    {
        await using var app = WebhookServer.Build(new(), logging => logging.ClearProviders());
        var certificate = app.Services.GetRequiredService<ServingCertificate>();
        var first = Serve(certificate, "first");
        // Two collections make it old, as minutes of reviews would: collections of new objects then pass it over.
        GC.Collect();
        GC.Collect();

        Serve(certificate, "second");
        GC.WaitForPendingFinalizers();

        Assert.False(first.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Serve(ServingCertificate certificate, string name)
    {
        var pair = TestPair.Create(name);
        certificate.Offer(new(pair["tls.crt"], pair["tls.key"]), "test");
        return new(certificate.Current);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Reload(IServiceProvider services)
    {
        var certificate = services.GetRequiredService<ServingCertificate>();
        var configuration = services.GetRequiredService<ActiveConfiguration>();
        var replaced = new List<WeakReference>();
        for (var number = 0; number <= Reloads; number++)
        {
            if (number > 0)
            {
                replaced.AddRange([new(certificate.Current), new(certificate.InService), new(configuration.Injector)]);
            }

            Serve(certificate, $"{number}");
            configuration.Accept(RunnerConfiguration.BuiltIn);
        }

        return replaced;
    }
}
