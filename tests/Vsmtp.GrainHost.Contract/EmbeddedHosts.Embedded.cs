using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Vsmtp.Embedded.Hosting;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

/// <summary>Makes embedded hosts for tests.</summary>
internal static class EmbeddedHosts
{
    /// <summary>A host of the grains of this assembly, with services that keep nothing; not started.</summary>
    public static IHost Build(Action<EmbeddedHostOptions>? options = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Witness>();
        builder.Services.AddSingleton<IGrainStorage, TestStorage>();
        builder.Services.AddKeyedSingleton<IGrainStorage, TestStorage>(TestStorage.Name);
        services?.Invoke(builder.Services);
        builder.Services.AddEmbeddedGrains(chosen =>
        {
            chosen.AddGrains(typeof(EmbeddedHosts).Assembly);
            options?.Invoke(chosen);
        });
        return builder.Build();
    }
}
