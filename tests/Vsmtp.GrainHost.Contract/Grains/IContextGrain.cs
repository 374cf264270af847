using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>Looks into its execution context.</summary>
[Alias("test.context")]
public interface IContextGrain : IGrainWithStringKey
{
    [Alias("secret")]
    Task<string?> Secret();

    [Alias("set-secret")]
    Task SetSecret(string secret);
}

public sealed class ContextGrain : Grain, IContextGrain
{
    public static AsyncLocal<string?> Secret { get; } = new();

    Task<string?> IContextGrain.Secret() => Task.FromResult(Secret.Value);

    public Task SetSecret(string secret)
    {
        Secret.Value = secret;
        return Task.CompletedTask;
    }
}
