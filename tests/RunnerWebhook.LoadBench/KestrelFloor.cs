using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunnerWebhook.LoadBench;

/// <summary>The floor: Kestrel alone, which reads the body and answers as many bytes as the path names.</summary>
internal static class KestrelFloor
{
    public static async Task Run(string port, string certificateFile, string keyFile)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), listen => listen.UseHttps(certificate)));
        await using var app = builder.Build();
        app.Run(Answer);
        await app.RunAsync();
    }

    private static async Task Answer(HttpContext context)
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        var size = int.Parse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = size;
        context.Response.BodyWriter.GetSpan(size)[..size].Fill((byte)'x');
        context.Response.BodyWriter.Advance(size);
    }
}
