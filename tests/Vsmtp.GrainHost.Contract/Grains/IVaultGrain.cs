using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>A grain with a state.</summary>
[Alias("test.vault")]
public interface IVaultGrain : IGrainWithStringKey
{
    /// <summary>What the state was in OnActivateAsync.</summary>
    [Alias("seen-first")]
    Task<string> SeenFirst();

    [Alias("get")]
    Task<string> Get();

    [Alias("put")]
    Task Put(string text);

    /// <summary>Puts; says the type of the exception that the grain catches.</summary>
    [Alias("try-put")]
    Task<string> TryPut(string text);

    /// <summary>Puts through another vault, which may be stale.</summary>
    [Alias("put-through")]
    Task PutThrough(string otherKey, string text);

    /// <summary>Writes twice without waiting in between.</summary>
    [Alias("put-twice")]
    Task PutTwice(string first, string second);

    [Alias("clear")]
    Task Clear();

    /// <summary>Writes from outside of its turns, which is forbidden; says the exception.</summary>
    [Alias("put-astray")]
    Task<string> PutAstray();
}
