namespace Vsmtp.Embedded.Activations;

/// <summary>A piece of work that begins a turn of an activation.</summary>
internal interface ITurn
{
    /// <summary>Runs the turn up to its first real wait. Never throws.</summary>
    void Run();
}
