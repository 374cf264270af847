using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>A web server that has policies: Kestrel, on loopback.</summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private int _requests;

    private PolicyHost(WebApplication web) => _web = web;

    public int Port { get; private set; }

    /// <summary>What it shows to whoever connects.</summary>
    public required X509Certificate2 Certificate { get; set; }

    /// <summary>What it answers to GET /.well-known/mta-sts.txt; anything else is 404.</summary>
    public required Func<HttpContext, Task> Answer { get; set; }

    /// <summary>Requests that have come, whatever for.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<PolicyHost> StartAsync(X509Certificate2 certificate, string policy)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        PolicyHost? host = null;
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => host!.Certificate)));
        host = new PolicyHost(builder.Build()) { Certificate = certificate, Answer = Text(policy) };
        host._web.Run(host.ServeAsync);
        await host._web.StartAsync();
        var addresses = host._web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        host.Port = new Uri(addresses.Addresses.Single()).Port;
        return host;
    }

    /// <summary>An answer of text/plain.</summary>
    public static Func<HttpContext, Task> Text(string policy, string mediaType = "text/plain; charset=utf-8", int status = 200) => context =>
    {
        (context.Response.ContentType, context.Response.StatusCode) = (mediaType, status);
        return context.Response.WriteAsync(policy);
    };

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (context.Request.Path == "/.well-known/mta-sts.txt" && context.Request.Method == "GET") return Answer(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
