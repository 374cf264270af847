using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Grains.Pace;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>The real pace grains in a host of their own.</summary>
internal sealed class PaceHost : IDisposable
{
    private readonly IHost _host;

    public PaceHost(TimeProvider? time = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddKeyedSingleton<IGrainStorage, NoMails>(MailStateStorage.ProviderName);
        builder.Services.AddEmbeddedGrains(options => options.AddGrains(typeof(PaceGrain).Assembly));
        _host = builder.Build();
        _host.Start();
        Grains = _host.Services.GetRequiredService<IGrainFactory>();
    }

    public IGrainFactory Grains { get; }

    public void Dispose() => _host.Dispose();

    /// <summary>The host asks for a store of mails' states when it starts, though no mail is called.</summary>
    private sealed class NoMails : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
